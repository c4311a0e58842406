import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from '@goldstream/system';

/**
 * Removes a directory, durably, unless something is in it: rmdir(2) takes nothing that holds anything. Gone already is fine.
 * @returns whether it is gone
 */
export async function removeEmptyDirectory(path: string): Promise<boolean> {
  try {
    await rmdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return true;
    if (code === 'ENOTEMPTY' || code === 'EBUSY') return false;
    throw error;
  }
  await syncDirectory(dirname(path));
  return true;
}
