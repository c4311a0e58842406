import type { PathBytes } from '../path-bytes.ts';
import { firstPathOf, type Inode, inodeAt, type StoredFile, type Tree } from '../tree.ts';

/**
 * Which files and symlinks of the tree live on in which wanted ones: first path of the wanted inode → a path that it
 * has now and keeps. Every inode is kept for at most one; what is not here is made new.
 */
export function matchInodes(desired: Tree<StoredFile>, actual: Tree<StoredFile>): ReadonlyMap<PathBytes, PathBytes> {
  const kept = new Map<PathBytes, PathBytes>();
  const taken = new Set<PathBytes>();
  for (const path of desired.keys()) {
    const first = firstPathOf(desired, path);
    const inode = firstPathOf(actual, path);
    if (kept.has(first) || taken.has(inode)) continue;
    if (!canBecome(inodeAt(actual, path), inodeAt(desired, path))) continue;
    kept.set(first, path);
    taken.add(inode);
  }
  return kept;
}

/** A file can be given any content; a symlink's text is for life. */
function canBecome(now: Inode<StoredFile> | undefined, wanted: Inode<StoredFile> | undefined): boolean {
  if (now?.kind === 'symlink' && wanted?.kind === 'symlink') return now.target === wanted.target;
  return now?.kind === 'file' && wanted?.kind === 'file';
}
