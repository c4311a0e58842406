import type { PathBytes } from '../path-bytes.ts';
import { firstPathOf, type StoredFile, type Tree } from '../tree.ts';
import type { Comparison } from './compare-contents.ts';

/** Which paths of a tree still name what they name now when it has become the wanted one. Pure. */
export interface Survivors {
  /** Where the inode that is wanted at `path` is now, under a name that it keeps; undefined when it is made new. */
  keptAt(path: PathBytes): PathBytes | undefined;
  /** Whether `path` itself stays as a name of that inode. */
  stays(path: PathBytes): boolean;
}

/** Puts together what the comparison found about files and symlinks with the directories that are on both sides. */
export function survivorsOf(desired: Tree<StoredFile>, actual: Tree<StoredFile>, comparison: Comparison): Survivors {
  const keptAt = (path: PathBytes) => {
    const bothDirectories = desired.get(path)?.kind === 'directory' && actual.get(path)?.kind === 'directory';
    return bothDirectories ? path : comparison.get(firstPathOf(desired, path))?.at;
  };
  const stays = (path: PathBytes) => {
    const kept = desired.has(path) && actual.has(path) ? keptAt(path) : undefined;
    return kept !== undefined && firstPathOf(actual, kept) === firstPathOf(actual, path);
  };
  return { keptAt, stays };
}
