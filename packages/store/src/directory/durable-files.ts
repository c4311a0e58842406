import { constants } from 'node:fs';
import { copyFile, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Copies a file, sharing its blocks where the file system can, and waits until it is on disk. Returns its bytes. */
export async function durableCopy(from: string, to: string, mode: number): Promise<number> {
  await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  await using handle = await open(to, 'r');
  await handle.chmod(mode);
  await handle.sync();
  return (await handle.stat()).size;
}

/** Gives a file whose bytes are on disk its final name, and waits until the name is, too. */
export async function durableRename(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncDirectory(dirname(to));
}

/** Waits until the names in a directory are on disk. */
export async function syncDirectory(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}
