import type { Xattrs } from '@goldstream/system';
import { type PathBytes, parentOf } from '../path-bytes.ts';
import { INHERITED_XATTRS } from '../released-xattrs.ts';
import { firstPathOf, inodeAt, type StoredFile, type Tree } from '../tree.ts';
import type { TreeStep, Unsaid, XattrStepChange } from './step.ts';

/** What the other steps do, as far as it matters for extended attributes. */
interface Surroundings {
  readonly keptAt: (path: PathBytes) => PathBytes | undefined;
  readonly steps: readonly Unsaid<TreeStep>[];
}

/**
 * Plans the extended attributes around all other steps.
 *
 * `before` takes default ACLs and Btrfs properties from directories that get new children, who would inherit them.
 * `after` sets what differs then; a file capability is set again where the kernel dropped it, because the file was
 * written or given to another owner.
 */
export function planXattrs(
  desired: Tree<StoredFile>,
  actual: Tree<StoredFile>,
  { keptAt, steps }: Surroundings,
): { before: readonly Unsaid<TreeStep>[]; after: readonly Unsaid<TreeStep>[] } {
  const stripped = directoriesToStrip(actual, steps);
  const unprivileged = new Set(steps.flatMap((step) => (dropsCapability(step) ? [step.path] : [])));
  const changes: XattrStepChange[] = [];
  for (const path of desired.keys()) {
    const kept = keptAt(path);
    if (path !== (kept ?? firstPathOf(desired, path))) continue;
    const now = new Map(kept === undefined ? [] : inodeAt(actual, kept)?.xattrs);
    for (const name of stripped.get(path) ?? []) now.delete(name);
    if (unprivileged.has(path)) now.delete('security.capability');
    const change = difference(path, now, inodeAt(desired, path)?.xattrs ?? new Map());
    if (change !== undefined) changes.push(change);
  }
  return {
    before: stepFor([...stripped].map(([path, remove]) => ({ path, set: {}, remove }))),
    after: stepFor(changes),
  };
}

function directoriesToStrip(
  actual: Tree<StoredFile>,
  steps: readonly Unsaid<TreeStep>[],
): ReadonlyMap<PathBytes, readonly string[]> {
  const stripped = new Map<PathBytes, readonly string[]>();
  for (const step of steps) {
    const parent = CREATING.has(step.kind) && 'path' in step ? parentOf(step.path) : undefined;
    const directory = parent === undefined ? undefined : actual.get(parent);
    if (parent === undefined || directory?.kind !== 'directory') continue;
    const names = INHERITED_XATTRS.filter((name) => directory.xattrs.has(name));
    if (names.length > 0) stripped.set(parent, names);
  }
  return stripped;
}

function dropsCapability(step: Unsaid<TreeStep>): step is Extract<Unsaid<TreeStep>, { path: PathBytes }> {
  return step.kind === 'patch-file' || (step.kind === 'set-attributes' && step.owner !== undefined);
}

function difference(path: PathBytes, now: Xattrs, wanted: Xattrs): XattrStepChange | undefined {
  const set = [...wanted].filter(([name, value]) => now.get(name) !== value);
  const remove = [...now.keys()].filter((name) => !wanted.has(name));
  return set.length + remove.length === 0 ? undefined : { path, set: Object.fromEntries(set), remove };
}

function stepFor(changes: readonly XattrStepChange[]): readonly Unsaid<TreeStep>[] {
  return changes.length === 0 ? [] : [{ kind: 'change-xattrs', changes }];
}

/** Kinds of steps after which a directory has a child that inherited from it. */
const CREATING: ReadonlySet<TreeStep['kind']> = new Set(['create-directory', 'write-file', 'create-symlink']);
