import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import {
  type Inode,
  inodeOf,
  joinPath,
  type PathBytes,
  pathFromBytes,
  pathToBuffer,
  ROOT,
  type StoredFile,
} from '@goldstream/tree';

/** Paths and what is there, each path with an inode of its own: names that share one are not told apart here. */
export type Inodes = ReadonlyMap<PathBytes, Inode<StoredFile>>;

/**
 * What a tree has at `path`; undefined when there is nothing. No symlink is followed: what lies behind one on the way
 * is not in this tree. Extended attributes are not looked at.
 * @param root absolute
 */
export function inodeIn(root: PathBytes, path: PathBytes): Inode<StoredFile> | undefined {
  let at = ROOT;
  const names = path === ROOT ? [] : path.split('/');
  for (const name of names.slice(0, -1)) {
    // A part of bytes is bytes.
    at = joinPath(at, name as PathBytes);
    if (look(joinPath(root, at))?.kind !== 'directory') return undefined;
  }
  return look(joinPath(root, path));
}

/** Everything below the directory `path` of a tree, without that directory itself; nothing when it is none. */
export async function inodesBelow(root: PathBytes, path: PathBytes): Promise<Inodes> {
  const found = new Map<PathBytes, Inode<StoredFile>>();
  const directories = inodeIn(root, path)?.kind === 'directory' ? [path] : [];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const name of readdirSync(pathToBuffer(joinPath(root, directory)), { encoding: 'latin1' })) {
      // Latin-1 gave one character per byte.
      const below = joinPath(directory, name as PathBytes);
      const inode = look(joinPath(root, below));
      if (inode === undefined) continue;
      found.set(below, inode);
      if (inode.kind === 'directory') directories.push(below);
    }
    await setImmediate();
  }
  return found;
}

/** Gone meanwhile is not there. */
function look(at: PathBytes): Inode<StoredFile> | undefined {
  try {
    const stats = lstatSync(pathToBuffer(at));
    const target = stats.isSymbolicLink()
      ? pathFromBytes(readlinkSync(pathToBuffer(at), { encoding: 'buffer' }))
      : ROOT;
    return inodeOf(at, stats, new Map(), target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
