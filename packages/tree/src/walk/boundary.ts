import { type Stats, statfsSync } from 'node:fs';
import { SUBVOLUME_ROOT_INODE } from '@goldstream/system';
import { TreeError } from '../error.ts';
import { joinPath, type PathBytes, pathToBuffer, showPath } from '../path-bytes.ts';

/** `BTRFS_EMPTY_SUBVOL_DIR_OBJECTID`: the inode number of what a snapshot shows in place of a nested subvolume. */
const PLACEHOLDER_INODE = 2n;
/** `BTRFS_SUPER_MAGIC` of linux/magic.h. */
const BTRFS_MAGIC = 0x9123683e;

/**
 * Refuses a directory that is not a part of the tree whose root is `base`: a nested subvolume, what a snapshot shows
 * in its place, or a mount. A send stream carries none of them. All have a device number of their own, whereas all
 * directories of an overlay share one.
 * @throws TreeError `TREE_NESTED_SUBVOLUME`, `TREE_NESTED_MOUNT`
 */
export function refuseBoundary(base: PathBytes, root: Stats, path: PathBytes, { dev, ino }: Stats): void {
  if (dev === root.dev) return;
  const where = `${showPath(path)} in ${showPath(base)}`;
  const nested = BigInt(ino) === SUBVOLUME_ROOT_INODE || BigInt(ino) === PLACEHOLDER_INODE;
  if (nested && isBtrfs(joinPath(base, path))) {
    throw new TreeError('TREE_NESTED_SUBVOLUME', `${where} is a nested subvolume, which a snapshot does not contain`, {
      hint: 'Make it an ordinary directory.',
    });
  }
  throw new TreeError('TREE_NESTED_MOUNT', `${where} is a mount point, expected everything on one filesystem`, {
    hint: 'Unmount it.',
  });
}

function isBtrfs(at: PathBytes): boolean {
  return statfsSync(pathToBuffer(at)).type === BTRFS_MAGIC;
}
