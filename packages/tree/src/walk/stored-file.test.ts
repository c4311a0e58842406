import { appendFile, lstat, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { pathFromText } from '../path-bytes.ts';
import type { StoredFile } from '../tree.ts';
import { readSmallFile, SMALL_FILE } from './small-file.ts';
import { withStoredFile } from './stored-file.ts';

/** Both ways to read a file that was seen before; they must refuse the same. */
const READERS = {
  readSmallFile: async (file: StoredFile) => readSmallFile(file, Buffer.alloc(SMALL_FILE)).toString(),
  withStoredFile: (file: StoredFile) => withStoredFile(file, (handle) => handle.readFile('utf8')),
};

for (const [name, read] of Object.entries(READERS)) {
  describe(name, () => {
    directoryTest('reads a file that is what it was', async ({ temporaryDirectory }) => {
      expect(await read(await seen(join(temporaryDirectory, 'file')))).toBe('contents');
    });

    directoryTest('refuses one that has grown', async ({ temporaryDirectory }) => {
      const file = await seen(join(temporaryDirectory, 'file'));
      await appendFile(join(temporaryDirectory, 'file'), 'more');
      await expect(read(file)).rejects.toMatchObject({ code: 'TREE_CHANGED_MEANWHILE', category: 'state' });
    });

    directoryTest('refuses another file in its place', async ({ temporaryDirectory }) => {
      const file = await seen(join(temporaryDirectory, 'file'));
      await writeFile(join(temporaryDirectory, 'other'), 'contents');
      await rename(join(temporaryDirectory, 'other'), join(temporaryDirectory, 'file'));
      await expect(read(file)).rejects.toMatchObject({ code: 'TREE_CHANGED_MEANWHILE' });
    });

    directoryTest('follows no symlink that was put in its place', async ({ temporaryDirectory }) => {
      const file = await seen(join(temporaryDirectory, 'file'));
      await rm(join(temporaryDirectory, 'file'));
      await symlink('/etc/hostname', join(temporaryDirectory, 'file'));
      await expect(read(file)).rejects.toMatchObject({ code: 'TREE_UNREADABLE' });
    });
  });
}

async function seen(path: string): Promise<StoredFile> {
  await writeFile(path, 'contents');
  const { ino, size, mtimeMs } = await lstat(path);
  return { at: pathFromText(path), size, inode: ino, modifiedMs: mtimeMs };
}
