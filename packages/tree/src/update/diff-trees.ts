import type { PathBytes } from '../path-bytes.ts';
import type { DesiredTree } from '../recipe/gather-recipe.ts';
import { sameXattrs } from '../released-xattrs.ts';
import { firstPathOf, type Inode, inodeAt, type StoredFile } from '../tree.ts';
import type { Comparison } from './compare-contents.ts';
import type { ActualTree } from './gather-tree.ts';
import { survivorsOf } from './survivors.ts';

/** In what an entry can differ. `link` is a symlink's text, or which paths are names of one inode. */
export type Aspect = 'type' | 'content' | 'link' | 'mode' | 'owner' | 'xattrs';

/** One path that is not as the recipe says. */
export type TreeDifference =
  | { readonly kind: 'missing' | 'unexpected'; readonly path: PathBytes }
  | { readonly kind: 'differs'; readonly path: PathBytes; readonly aspects: readonly Aspect[] };

/**
 * In what a tree differs from its recipe, sorted by path; empty when nothing does. It is exactly what an update would
 * change. What an inode with several names differs in is said at each of them.
 */
export function diffTrees(
  { entries: desired }: Pick<DesiredTree, 'entries'>,
  { entries: actual }: ActualTree,
  comparison: Comparison,
): readonly TreeDifference[] {
  const { stays } = survivorsOf(desired, actual, comparison);
  return [...new Set([...desired.keys(), ...actual.keys()])].sort().flatMap((path): TreeDifference[] => {
    const [wanted, now] = [inodeAt(desired, path), inodeAt(actual, path)];
    if (wanted === undefined) return [{ kind: 'unexpected', path }];
    if (now === undefined) return [{ kind: 'missing', path }];
    const ranges = comparison.get(firstPathOf(desired, path))?.ranges ?? [];
    const aspects = [...differingAspects(wanted, now, { stays: stays(path), equalSoFar: ranges.length === 0 })];
    return aspects.length === 0 ? [] : [{ kind: 'differs', path, aspects }];
  });
}

function* differingAspects(
  wanted: Inode<StoredFile>,
  now: Inode<StoredFile>,
  { stays, equalSoFar }: { stays: boolean; equalSoFar: boolean },
): Generator<Aspect> {
  if (wanted.kind !== now.kind) return yield 'type';
  if (!stays) yield 'link';
  else if (wanted.kind === 'file' && now.kind === 'file' && (!equalSoFar || wanted.size !== now.size)) yield 'content';
  if (wanted.mode !== now.mode) yield 'mode';
  if (wanted.uid !== now.uid || wanted.gid !== now.gid) yield 'owner';
  if (!sameXattrs(wanted.xattrs, now.xattrs)) yield 'xattrs';
}
