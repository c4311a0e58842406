import { recordingRunner } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { parseFilesystemUsage, spaceOf } from './filesystem.ts';

/** btrfs-progs 6.2, `btrfs filesystem usage -b` of a loopback pool of 512 MiB. */
const USAGE = `Overall:
    Device size:\t\t         536870912
    Device allocated:\t\t          92274688
    Device unallocated:\t\t         444596224
    Device missing:\t\t                 0
    Device slack:\t\t                 0
    Used:\t\t\t           3395584
    Free (estimated):\t\t         449982464\t(min: 227684352)
    Free (statfs, df):\t\t         448933888
    Data ratio:\t\t\t              1.00
    Metadata ratio:\t\t              2.00
    Global reserve:\t\t           5767168\t(used: 0)
    Multiple profiles:\t\t                no

Data,single: Size:8388608, Used:3002368 (35.79%)
   /dev/loop6\t   8388608

Unallocated:
   /dev/loop6\t 444596224
`;

describe('parseFilesystemUsage', () => {
  it('reads the overall figures, in bytes', () => {
    expect(parseFilesystemUsage(USAGE)).toEqual({ total: 536870912, used: 3395584, free: 449982464 });
  });

  it.each(['Device size', 'Used', 'Free (estimated)'])('says what is missing without “%s”', (figure) => {
    expect(() => parseFilesystemUsage(USAGE.replace(`    ${figure}:`, '    Other:'))).toThrow(
      expect.objectContaining({ code: 'TOOL_FAILED', message: expect.stringContaining(figure) }),
    );
  });
});

describe('spaceOf', () => {
  it('asks for bytes', async () => {
    const runner = recordingRunner({ 'btrfs filesystem usage -b /pool': USAGE });
    expect(await spaceOf(runner, '/pool')).toMatchObject({ free: 449982464 });
  });

  it('goes by statfs(2) where btrfs-progs cannot see the device', async () => {
    const runner = recordingRunner({
      'btrfs filesystem usage': { exitCode: 1, stderr: 'unexpected number of devices' },
    });
    const { free, used, total } = await spaceOf(runner, '/');
    expect(free).toBeGreaterThan(0);
    expect(free + used).toBeLessThanOrEqual(total);
  });
});
