import { recordingRunner } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { diskUsage, parseDiskUsage } from './disk-usage.ts';

const OUTPUT = `     Total   Exclusive  Set shared  Filename
   1048576        4096     1044480  /pool/a
         0           0           -  /pool/b c
`;

describe('what subvolumes take', () => {
  it('is read from btrfs filesystem du, also of an empty one', () => {
    expect(parseDiskUsage(OUTPUT)).toEqual([
      { referencedBytes: 1_048_576, exclusiveBytes: 4096 },
      { referencedBytes: 0, exclusiveBytes: 0 },
    ]);
  });

  it('is told by path, and asks nobody about nothing', async () => {
    const runner = recordingRunner({ btrfs: OUTPUT });
    expect((await diskUsage(runner, ['/pool/a', '/pool/b c'])).get('/pool/b c')).toEqual({
      referencedBytes: 0,
      exclusiveBytes: 0,
    });
    expect(await diskUsage(runner, [])).toEqual(new Map());
  });

  it('is refused when a subvolume is missing in the answer', async () => {
    await expect(diskUsage(recordingRunner({ btrfs: OUTPUT }), ['/pool/a'])).rejects.toMatchObject({
      code: 'TOOL_FAILED',
    });
  });
});
