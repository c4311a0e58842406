import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unmountAllUsing } from './mounts-using.ts';

/**
 * Runs `use` with a fresh directory and removes it afterwards, also when `use` failed. What was mounted in it is
 * unmounted first; if that fails, nothing is removed, so that no foreign file system is emptied.
 * @param parent the directory to make it in
 */
export async function withTemporaryDirectory<T>(
  use: (directory: string) => Promise<T>,
  parent: string = tmpdir(),
): Promise<T> {
  // Without symlinks, because the kernel's mount table has none either.
  const directory = await realpath(await mkdtemp(join(parent, 'goldstream-test-')));
  try {
    return await use(directory);
  } finally {
    await unmountAllUsing(directory);
    await rm(directory, { recursive: true });
  }
}
