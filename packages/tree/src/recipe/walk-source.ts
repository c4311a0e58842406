import { TreeError } from '../error.ts';
import type { StoredFile, Tree } from '../tree.ts';
import { type WalkOptions, walkTree } from '../walk/walk-tree.ts';

/**
 * {@link walkTree} for a directory that a recipe names.
 * @throws TreeError those of `walkTree`, beginning with the source's location
 */
export async function walkSource(root: string, location: string, options: WalkOptions): Promise<Tree<StoredFile>> {
  try {
    return await walkTree(root, options);
  } catch (cause) {
    if (!(cause instanceof TreeError)) throw cause;
    throw new TreeError(cause.code, `${location}: ${cause.message}`, { hint: cause.hint, cause: cause.cause });
  }
}
