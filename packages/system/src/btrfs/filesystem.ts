import { statfs } from 'node:fs/promises';
import { SystemError } from '../error.ts';
import { findMount } from '../mount/mountinfo.ts';
import type { Runner } from '../runner.ts';

/** `BTRFS_SUPER_MAGIC`, statfs(2). */
const BTRFS_MAGIC = 0x9123683e;
/** `BTRFS_FIRST_FREE_OBJECTID`: the inode number of every subvolume's root directory. */
export const SUBVOLUME_ROOT_INODE = 256n;

/** Whether an existing path lies on Btrfs. */
export async function isBtrfs(path: string): Promise<boolean> {
  return (await statfs(path)).type === BTRFS_MAGIC;
}

/**
 * Refuses a path on which an incremental `btrfs receive` cannot work: not on Btrfs (`BTRFS_NOT_BTRFS`), or seen
 * through a bind mount of a plain directory (`BTRFS_BIND_MOUNT`; receive then looks for the parent in the wrong place).
 */
export async function demandBtrfs(path: string): Promise<void> {
  if (!(await isBtrfs(path))) {
    throw new SystemError('BTRFS_NOT_BTRFS', `${path} is not on Btrfs`, {
      hint: 'Mount a Btrfs filesystem there, or let `prepare --size 16GiB` make a loopback pool.',
    });
  }
  const mount = await findMount(path);
  if (mount.rootInode !== SUBVOLUME_ROOT_INODE) {
    throw new SystemError(
      'BTRFS_BIND_MOUNT',
      `${path} is seen through ${mount.mountPoint}, a bind mount of the plain directory ${mount.root} (inode ${mount.rootInode}, a subvolume has 256); incremental receive fails there`,
      { hint: 'Mount the whole filesystem, or a subvolume of it (`-o subvol=…`), instead of a directory.' },
    );
  }
}

/** Writes everything to disk that this filesystem holds in memory: syncfs(2), through `sync --file-system`. */
export async function syncFilesystem(runner: Runner, path: string): Promise<void> {
  await runner.run(['sync', '--file-system', path]);
}

/** Room on a Btrfs filesystem, in bytes. */
export interface SpaceFacts {
  readonly total: number;
  readonly used: number;
  /** What file data can still take: free in data chunks, and unallocated at the data's own profile. */
  readonly free: number;
}

/**
 * The filesystem's real state (unallocated and allocated), not what `df` says; except in a container that does not see
 * the pool's device, which `btrfs filesystem usage` opens: there statfs(2) is all that can be had.
 */
export async function spaceOf(runner: Runner, path: string): Promise<SpaceFacts> {
  const { exitCode, stdout } = await runner.run(['btrfs', 'filesystem', 'usage', '-b', path], { accept: [1] });
  if (exitCode === 0) return parseFilesystemUsage(stdout);
  const { blocks, bfree, bavail, bsize } = await statfs(path);
  return { total: blocks * bsize, used: (blocks - bfree) * bsize, free: bavail * bsize };
}

/** The figures in the output of `btrfs filesystem usage -b`. */
export function parseFilesystemUsage(output: string): SpaceFacts {
  const figure = (pattern: RegExp, what: string): number => {
    const found = pattern.exec(output)?.[1];
    if (found === undefined) throw new SystemError('TOOL_FAILED', `btrfs filesystem usage said nothing of “${what}”`);
    return Number(found);
  };
  return {
    total: figure(/^\s*Device size:\s+(\d+)/m, 'Device size'),
    used: figure(/^\s*Used:\s+(\d+)/m, 'Used'),
    free: figure(/^\s*Free \(estimated\):\s+(\d+)/m, 'Free (estimated)'),
  };
}

/** Waits until deleted subvolumes have given their space back. */
export async function awaitDeletedSubvolumes(runner: Runner, path: string): Promise<void> {
  await runner.run(['btrfs', 'subvolume', 'sync', path]);
}
