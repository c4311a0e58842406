import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { StoreError } from '../error.ts';

/** A regular file that is open for reading. */
export interface OpenFile {
  readonly handle: FileHandle;
  /** Bytes. */
  readonly size: number;
}

/**
 * Opens a regular file, `undefined` where there is none. Does not wait for a writer where somebody put a FIFO.
 *
 * @throws StoreError `STORE_UNREADABLE`
 */
export async function openFile(path: string): Promise<OpenFile | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const facts = await handle.stat();
    if (facts.isFile()) return { handle, size: facts.size };
  } catch (cause) {
    await handle?.close();
    if (isErrno(cause, 'ENOENT', 'ENOTDIR')) return undefined;
    throw unreadable(path, cause);
  }
  await handle.close();
  throw new StoreError('STORE_UNREADABLE', `${path} is not a regular file`);
}

/** The error for a file that is there and cannot be read. */
export function unreadable(path: string, cause: unknown): StoreError {
  return new StoreError('STORE_UNREADABLE', `${path} cannot be read`, { cause });
}

/** Tells whether the system call failed for one of these reasons (errno(3)). */
export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
