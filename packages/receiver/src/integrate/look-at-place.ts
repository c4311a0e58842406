import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readlink } from 'node:fs/promises';
import type { FileAttributes, Found } from './system-facts.ts';

/** What is at a place, without following it. A file is read whole. */
export async function lookAtPlace(place: string): Promise<Found> {
  const kind = await kindAt(place);
  switch (kind) {
    case 'link':
      return { kind, text: await readlink(place) };
    case 'file':
      return { kind, ...(await readFileFacts(place)) };
    default:
      return { kind };
  }
}

/** Of which kind that is, reading nothing. */
export async function kindAt(place: string): Promise<Found['kind']> {
  try {
    const stats = await lstat(place);
    if (stats.isSymbolicLink()) return 'link';
    if (stats.isFile()) return 'file';
    return stats.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    // ENOTDIR: something on the way is no directory, so this is not there either.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent';
    throw error;
  }
}

/** Digest and attributes of a regular file. Follows no link in the last name, and waits for nobody on a FIFO. */
export async function readFileFacts(path: string): Promise<FileAttributes & { readonly sha256: string }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { mode, uid, gid } = await file.stat();
    const hash = createHash('sha256');
    for await (const chunk of file.createReadStream({ autoClose: false })) hash.update(chunk);
    return { sha256: hash.digest('hex'), mode: mode & 0o7777, uid, gid };
  } finally {
    await file.close();
  }
}
