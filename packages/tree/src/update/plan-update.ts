import type { Plan } from '@goldstream/plan';
import type { PathBytes } from '../path-bytes.ts';
import type { DesiredTree } from '../recipe/gather-recipe.ts';
import { firstPathOf, type Inode, inodeAt, type StoredFile, type Tree } from '../tree.ts';
import type { Comparison } from './compare-contents.ts';
import { withTail } from './differing-blocks.ts';
import type { ActualTree } from './gather-tree.ts';
import { planXattrs } from './plan-xattrs.ts';
import { renderStep } from './render-step.ts';
import type { BlockRange, TreeStep, Unsaid } from './step.ts';
import { survivorsOf } from './survivors.ts';

/**
 * Decides what makes the tree equal to the recipe, whatever it holds. What is equal is not touched.
 *
 * Removals come first, children before their directories; then everything else in the order of the paths, so that a
 * directory exists before what is in it. Extended attributes come last, because writing, changing the owner and changing
 * the mode all change some of them. A plan that stopped half-way is continued by looking and planning again.
 */
export function planUpdate(
  { entries: desired }: Pick<DesiredTree, 'entries'>,
  { root, entries: actual }: ActualTree,
  comparison: Comparison,
): Plan<TreeStep> {
  const { keptAt, stays } = survivorsOf(desired, actual, comparison);
  const removals = [...actual].filter(([path]) => !stays(path)).reverse();
  const steps: Unsaid<TreeStep>[] = removals.map(([path, { kind }]) => ({
    kind: 'remove',
    path,
    directory: kind === 'directory',
  }));
  const rangesAt = (path: PathBytes) => comparison.get(firstPathOf(desired, path))?.ranges ?? [];
  for (const path of desired.keys()) {
    const wanted = presentInode(desired, path);
    const kept = keptAt(path);
    const home = kept ?? firstPathOf(desired, path);
    if (path !== home) {
      if (!stays(path)) steps.push({ kind: 'create-hard-link', path, to: home });
    } else if (kept === undefined) {
      steps.push(create(path, wanted));
    } else {
      steps.push(...update(path, wanted, presentInode(actual, path), rangesAt(path)));
    }
  }
  const xattrs = planXattrs(desired, actual, { keptAt, steps });
  return {
    goal: `${root} equals its recipe`,
    // The words are all that was missing.
    steps: [...xattrs.before, ...steps, ...xattrs.after].map(
      (step) => ({ ...step, says: renderStep(step) }) as TreeStep,
    ),
  };
}

function create(path: PathBytes, wanted: Inode<StoredFile>): Unsaid<TreeStep> {
  const { mode, uid, gid } = wanted;
  switch (wanted.kind) {
    case 'directory':
      return { kind: 'create-directory', path, mode, uid, gid };
    case 'file':
      return { kind: 'write-file', path, from: wanted.content, mode, uid, gid };
    case 'symlink':
      return { kind: 'create-symlink', path, target: wanted.target, mode, uid, gid };
    default:
      throw new Error(`a recipe holds no ${wanted.kind}`);
  }
}

function* update(
  path: PathBytes,
  wanted: Inode<StoredFile>,
  now: Inode<StoredFile>,
  differing: readonly BlockRange[],
): Generator<Unsaid<TreeStep>> {
  if (wanted.kind === 'file' && now.kind === 'file') {
    const ranges = withTail(differing, now.size, wanted.size);
    if (ranges.length > 0 || wanted.size !== now.size) {
      yield { kind: 'patch-file', path, from: wanted.content, was: now.size, ranges };
    }
  }
  const moves = wanted.uid !== now.uid || wanted.gid !== now.gid;
  // chown(2) clears set-uid and set-gid.
  const remode = wanted.mode !== now.mode || (moves && (wanted.mode & 0o6000) !== 0);
  if (!moves && !remode) return;
  const { uid, gid, mode } = wanted;
  yield { kind: 'set-attributes', path, owner: moves ? { uid, gid } : undefined, mode: remode ? mode : undefined };
}

function presentInode(tree: Tree<StoredFile>, path: PathBytes): Inode<StoredFile> {
  // Asked only for paths that the tree has.
  return inodeAt(tree, path) as Inode<StoredFile>;
}
