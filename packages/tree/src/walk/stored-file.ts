import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { TreeError } from '../error.ts';
import { errnoOf } from '../os-error.ts';
import { pathToBuffer, showPath } from '../path-bytes.ts';
import type { StoredFile } from '../tree.ts';

/** Bytes per read: large enough that the system call does not matter, small enough for the processor's cache. */
export const READ_SIZE = 1024 * 1024;

/**
 * Opens a file that was seen before for reading, and closes it. No symlink is followed and the access time stays: in
 * a golden subvolume every inode that is touched would be a command of the next incremental stream.
 * @throws TreeError `TREE_CHANGED_MEANWHILE` when it is another file by now, `TREE_UNREADABLE`
 */
export async function withStoredFile<T>(file: StoredFile, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  await using handle = await openQuietly(file);
  await refuseChanged(file, handle);
  return await use(handle);
}

/**
 * Confirms that the open file is still the one that was seen.
 * @throws TreeError `TREE_CHANGED_MEANWHILE`
 */
export async function refuseChanged(file: StoredFile, handle: FileHandle): Promise<void> {
  if (!isStill(file, await handle.stat())) throw changedMeanwhile(file);
}

/** Whether what is open now is what was seen. */
export function isStill({ inode, size, modifiedMs }: StoredFile, stats: Stats): boolean {
  return stats.isFile() && stats.ino === inode && stats.size === size && stats.mtimeMs === modifiedMs;
}

/** The error for a file whose size, inode or time are not those that were seen. */
export function changedMeanwhile(file: StoredFile): TreeError {
  return new TreeError('TREE_CHANGED_MEANWHILE', `${showPath(file.at)} was changed while it was read`, {
    hint: 'Run the command again when nothing else writes there.',
  });
}

/**
 * Reads exactly `length` bytes.
 * @throws TreeError `TREE_CHANGED_MEANWHILE` when the file ends before
 */
export async function readExactly(
  file: StoredFile,
  handle: FileHandle,
  buffer: Buffer,
  { position, length }: { position: number; length: number },
): Promise<Buffer> {
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw changedMeanwhile(file);
    done += bytesRead;
  }
  return buffer.subarray(0, length);
}

async function openQuietly({ at }: StoredFile): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    return await open(pathToBuffer(at), flags | constants.O_NOATIME).catch((error: unknown) => {
      // Only the owner and root may ask for O_NOATIME.
      if (errnoOf(error) === 'EPERM') return open(pathToBuffer(at), flags);
      throw error;
    });
  } catch (cause) {
    throw new TreeError('TREE_UNREADABLE', `${showPath(at)} cannot be read: ${errnoOf(cause) ?? 'unknown'}`, { cause });
  }
}
