import { type Stats, statfsSync } from 'node:fs';
import { SUBVOLUME_ROOT_INODE } from '@goldstream/system';
import { TreeError } from '../error.ts';
import { joinPath, type PathBytes, pathToBuffer, showPath } from '../path-bytes.ts';

/** `BTRFS_EMPTY_SUBVOL_DIR_OBJECTID`: what a snapshot holds in place of a nested subvolume. */
const PLACEHOLDER_INODE = 2;
/** `BTRFS_SUPER_MAGIC` of linux/magic.h. */
const BTRFS_MAGIC = 0x9123683e;

/**
 * Refuses a directory that is not a part of the tree whose root is `base`: a nested subvolume, what a snapshot shows
 * in its place, or a mount. A send stream carries none of them. (An overlay's directories are all on one device.)
 * @throws TreeError `TREE_NESTED_SUBVOLUME`, `TREE_NESTED_MOUNT`
 */
export function refuseBoundary(base: PathBytes, root: Stats, path: PathBytes, stats: Stats): void {
  const where = `${showPath(path)} in ${showPath(base)}`;
  const foreign = stats.dev !== root.dev;
  const nested = foreign ? stats.ino === SUBVOLUME_ROOT_INODE : stats.ino === PLACEHOLDER_INODE;
  if (nested && isBtrfs(joinPath(base, path))) {
    throw new TreeError('TREE_NESTED_SUBVOLUME', `${where} is a nested subvolume, which a snapshot does not contain`, {
      hint: 'Make it an ordinary directory.',
    });
  }
  if (foreign) {
    throw new TreeError('TREE_NESTED_MOUNT', `${where} is a mount point, expected everything on one filesystem`, {
      hint: 'Unmount it.',
    });
  }
}

function isBtrfs(at: PathBytes): boolean {
  return statfsSync(pathToBuffer(at)).type === BTRFS_MAGIC;
}
