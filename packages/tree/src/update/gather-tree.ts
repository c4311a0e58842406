import type { Runner } from '@goldstream/system';
import type { StoredFile, Tree } from '../tree.ts';
import { walkTree } from '../walk/walk-tree.ts';

/** What a tree holds now. No file was read for it. */
export interface ActualTree {
  /** Absolute path. */
  readonly root: string;
  readonly entries: Tree<StoredFile>;
}

/**
 * Looks at the tree that is to be updated.
 * @param root absolute path of a directory, the golden subvolume
 * @throws TreeError `TREE_NOT_A_DIRECTORY`, `TREE_NESTED_SUBVOLUME`, `TREE_NESTED_MOUNT`, `TREE_UNREADABLE`
 */
export async function gatherTree(root: string, runner: Runner): Promise<ActualTree> {
  return { root, entries: await walkTree(root, { runner }) };
}
