import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { TreeError } from '../error.ts';
import { errnoOf } from '../os-error.ts';
import { pathToBuffer, showPath } from '../path-bytes.ts';
import type { StoredFile } from '../tree.ts';
import { changedMeanwhile, isStill } from './stored-file.ts';

/** Up to this many bytes, waiting for promises takes longer than reading. */
export const SMALL_FILE = 64 * 1024;

/**
 * Reads a small file that was seen before, at once and synchronously, with the care of `withStoredFile`.
 * @param buffer at least {@link SMALL_FILE} bytes; the result is a part of it
 * @throws TreeError `TREE_CHANGED_MEANWHILE`, `TREE_UNREADABLE`
 */
export function readSmallFile(file: StoredFile, buffer: Buffer): Buffer {
  const descriptor = openQuietlySync(file);
  try {
    if (!isStill(file, fstatSync(descriptor))) throw changedMeanwhile(file);
    for (let done = 0; done < file.size; ) {
      const bytesRead = readSync(descriptor, buffer, done, file.size - done, done);
      if (bytesRead === 0) throw changedMeanwhile(file);
      done += bytesRead;
    }
    return buffer.subarray(0, file.size);
  } finally {
    closeSync(descriptor);
  }
}

function openQuietlySync({ at }: StoredFile): number {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    try {
      return openSync(pathToBuffer(at), flags | constants.O_NOATIME);
    } catch (error) {
      // Only the owner and root may ask for O_NOATIME.
      if (errnoOf(error) !== 'EPERM') throw error;
      return openSync(pathToBuffer(at), flags);
    }
  } catch (cause) {
    throw new TreeError('TREE_UNREADABLE', `${showPath(at)} cannot be read: ${errnoOf(cause) ?? 'unknown'}`, { cause });
  }
}
