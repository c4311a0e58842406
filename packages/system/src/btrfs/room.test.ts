import { recordingRunner } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { parseRoom, roomOf } from './room.ts';

/** btrfs-progs 6.2, `btrfs filesystem usage --raw` of a loopback pool of 256 MiB. */
const USAGE = `Overall:
    Device size:\t\t         268435456
    Device allocated:\t\t          92274688
    Device unallocated:\t\t         176160768
    Device missing:\t\t                 0
    Device slack:\t\t                 0
    Used:\t\t\t            294912
    Free (estimated):\t\t         184549376\t(min: 96468992)
    Free (statfs, df):\t\t         183500800
    Data ratio:\t\t\t              1.00
    Metadata ratio:\t\t              2.00
    Global reserve:\t\t           5767168\t(used: 65536)
    Multiple profiles:\t\t                no

Data,single: Size:8388608, Used:4096 (0.05%)
   /dev/loop3\t   8388608

Metadata,DUP: Size:33554432, Used:131072 (0.39%)
   /dev/loop3\t  67108864

System,DUP: Size:8388608, Used:16384 (0.20%)
   /dev/loop3\t  16777216

Unallocated:
   /dev/loop3\t 176160768
`;

describe('parseRoom', () => {
  it('tells data from metadata, each with what a byte of it costs', () => {
    expect(parseRoom(USAGE)).toEqual({
      data: { free: 8388608 - 4096, ratio: 1 },
      metadata: { free: 33554432 - 131072 - (5767168 - 65536), ratio: 2 },
      unallocated: 176160768,
    });
  });

  it('adds up the profiles of one kind', () => {
    const converting = `${USAGE}Data,RAID1: Size:1048576, Used:48576 (4.6%)\n`;
    expect(parseRoom(converting).data.free).toBe(8388608 - 4096 + 1000000);
  });

  it('takes mixed block groups for both kinds', () => {
    const mixed = USAGE.replace('Data,single', 'Data+Metadata,single').replace(/^Metadata,.*$/m, '');
    const { data, metadata } = parseRoom(mixed);
    expect(metadata.free).toBe(data.free - (5767168 - 65536));
  });

  it('never has less than nothing of metadata', () => {
    expect(parseRoom(USAGE.replace('Used:131072', 'Used:33554432')).metadata.free).toBe(0);
  });

  it.each(['Device unallocated', 'Data ratio', 'Metadata ratio'])('says what is missing without “%s”', (figure) => {
    expect(() => parseRoom(USAGE.replace(`    ${figure}:`, '    Other:'))).toThrow(
      expect.objectContaining({ code: 'TOOL_FAILED', message: expect.stringContaining(figure) }),
    );
  });
});

describe('roomOf', () => {
  const quiet = {
    'btrfs subvolume list -d': '',
    'btrfs qgroup show': { exitCode: 1, stderr: "can't list qgroups: quotas not enabled" },
  };

  it('asks for bytes, and takes a filesystem without quotas as it is', async () => {
    const runner = recordingRunner({ ...quiet, 'btrfs filesystem usage --raw /': USAGE });
    expect(await roomOf(runner, '/')).toMatchObject({ unallocated: 176160768, quotas: [], beingCleaned: 0 });
  });

  it('goes by statfs(2) where btrfs-progs cannot see the device', async () => {
    const usage = { exitCode: 1, stderr: 'unexpected number of devices' };
    const room = await roomOf(recordingRunner({ ...quiet, 'btrfs filesystem usage': usage }), '/');
    expect(room).toMatchObject({ data: { free: 0 }, metadata: { free: 0 } });
    expect(room.unallocated).toBeGreaterThan(0);
  });

  it('waits until deleted subvolumes have given their space back', async () => {
    const deleted = 'ID 270 gen 9 top level 0 path DELETED\n';
    const runner = recordingRunner({
      ...quiet,
      'btrfs filesystem usage': USAGE,
      'btrfs subvolume list -d': deleted,
      'btrfs subvolume sync /': '',
    });
    expect(await roomOf(runner, '/')).toMatchObject({ beingCleaned: 1 });
  });
});
