import { statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { withTemporaryDirectory } from './temporary-directory.ts';

/** A tmpfs on every Linux; shm_overview(7). */
const MEMORY = '/dev/shm';
/** What a disk takes at most, by its size: image, copy, and the log of its writes. */
const TIMES = 3;

/**
 * Like {@link withTemporaryDirectory}, for images of disks: in memory where there is plenty, because a test on real
 * Btrfs mostly waits for the disk below.
 *
 * It proves the same. What counts is what Btrfs asks its disk for and in which order, and that it gets from a file in
 * memory as from any other. A power cut is played from the log of these requests; a kill takes no file system along.
 *
 * @param size of the disk, in bytes
 */
export async function withDiskDirectory<T>(size: number, use: (directory: string) => Promise<T>): Promise<T> {
  return withTemporaryDirectory(use, (await hasRoom(TIMES * size)) ? MEMORY : tmpdir());
}

/** Twice as much of the machine's memory has to be there, for who works on the disk. */
async function hasRoom(bytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= bytes && freemem() >= 2 * bytes;
}
