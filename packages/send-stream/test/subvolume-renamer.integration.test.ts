import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { showSubvolume, systemRunner } from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { HeadReader, SubvolumeRenamer } from '../src/index.ts';
import { chunked } from './chunking.ts';
import { recorded } from './recorded.ts';

describe('btrfs receive', () => {
  btrfsTest('makes of a renamed stream the same subvolume under the other name', async ({ btrfs }) => {
    const directory = join(btrfs, 'in');
    await mkdir(directory, { mode: 0o700 });
    // The incremental ones find their parent by its received UUID, whatever it is called.
    for (const [turn, name] of (['full', 'incremental', 'incremental-proto-2'] as const).entries()) {
      const renamer = new SubvolumeRenamer(`.incoming-${turn}`);
      const input = Buffer.concat(chunked(recorded(name), [1000]).flatMap((chunk) => renamer.push([chunk])));
      await systemRunner.run(['btrfs', 'receive', '--quiet', '--chroot', directory], { input });

      const head = new HeadReader().push(recorded(name));
      expect(await showSubvolume(systemRunner, join(directory, `.incoming-${turn}`))).toMatchObject({
        readonly: true,
        receivedUuid: head?.uuid,
        sendTransid: Number(head?.transid),
      });
    }
    expect((await readdir(directory)).sort()).toEqual(['.incoming-0', '.incoming-1', '.incoming-2']);
  });
});
