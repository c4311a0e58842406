import { chmod, cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSubvolume, snapshotSubvolume, systemRunner } from '@goldstream/system';
import { btrfsTest, directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { treesDiffer } from '../src/integrate/trees-differ.ts';

const LARGE = Buffer.alloc(3 * 1024 * 1024, 'x');

/** Two equal trees of different inodes. */
async function twins(directory: string) {
  const [one, other] = [join(directory, 'one'), join(directory, 'other')];
  await mkdir(join(one, 'folder'), { recursive: true });
  await writeFile(join(one, 'folder/file'), LARGE);
  await symlink('file', join(one, 'folder/link'));
  await cp(one, other, { recursive: true, verbatimSymlinks: true });
  return { one, other };
}

describe('treesDiffer', () => {
  directoryTest('says no for copies', async ({ temporaryDirectory }) => {
    const { one, other } = await twins(temporaryDirectory);
    expect(await treesDiffer(one, other)).toBe(false);
  });

  const sees = (what: string, change: (other: string) => Promise<unknown>) => {
    directoryTest(`sees ${what}`, async ({ temporaryDirectory }) => {
      const { one, other } = await twins(temporaryDirectory);
      await change(other);
      expect(await treesDiffer(one, other)).toBe(true);
      expect(await treesDiffer(other, one)).toBe(true);
    });
  };
  sees('one byte at the end of a file of the same size', (other) => {
    return writeFile(join(other, 'folder/file'), Buffer.concat([LARGE.subarray(1), Buffer.from('y')]));
  });
  sees('another size', (other) => writeFile(join(other, 'folder/file'), ''));
  sees('another mode', (other) => chmod(join(other, 'folder'), 0o700));
  sees('another name', (other) => rename(join(other, 'folder/link'), join(other, 'folder/lynk')));
  sees('something more', (other) => mkdir(join(other, 'folder/empty')));
  sees('another type', (other) =>
    rm(join(other, 'folder/link')).then(() => writeFile(join(other, 'folder/link'), 'file')),
  );
  sees('another link text', (other) =>
    rm(join(other, 'folder/link')).then(() => symlink('f', join(other, 'folder/link'))),
  );

  btrfsTest('sees a change between two snapshots, and none where there is none', async ({ btrfs }) => {
    const golden = join(btrfs, 'golden');
    await createSubvolume(systemRunner, golden);
    await writeFile(join(golden, 'file'), 'one');
    const snapshot = async (name: string) => {
      await snapshotSubvolume(systemRunner, golden, join(btrfs, name), { readonly: true });
      return join(btrfs, name);
    };
    const [one, two] = [await snapshot('v1'), await snapshot('v2')];
    await writeFile(join(golden, 'file'), 'two');
    expect(await treesDiffer(one, two)).toBe(false);
    expect(await treesDiffer(two, await snapshot('v3'))).toBe(true);
  });
});
