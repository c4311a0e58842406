import { statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { withTemporaryDirectory } from './temporary-directory.ts';

const GIB = 1024 ** 3;

/** A tmpfs on every Linux; shm_overview(7). */
const MEMORY = '/dev/shm';
/** What the images of one test take at most, with their copies and the log of their writes. */
const ROOM = 2 * GIB;

/**
 * Like {@link withTemporaryDirectory}, for images of disks: in memory where there is plenty, because a test on real
 * Btrfs mostly waits for the disk below.
 *
 * It proves the same. What counts is what Btrfs asks its disk for and in which order, and that it gets from a file in
 * memory as from any other. A power cut is played from the log of these requests; a kill takes no file system along.
 */
export async function withDiskDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  return withTemporaryDirectory(use, (await hasRoom()) ? MEMORY : tmpdir());
}

/** Twice as much of the machine's memory has to be there, for who works on the disk. */
async function hasRoom(): Promise<boolean> {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= ROOM && freemem() >= 2 * ROOM;
}
