import { dirname, join, relative } from 'node:path';
import type { Placed } from '../state/records.ts';
import type { Decided } from './demand-placeable.ts';
import type { MakeDirectory, RemoveDirectory } from './integration-plan.ts';
import type { Site } from './site.ts';
import type { SystemFacts } from './system-facts.ts';

/** What becomes of the directories that targets lie in. */
export interface Directories {
  readonly make: readonly MakeDirectory[];
  /** Those that are ours: made now, or earlier and still needed. */
  readonly placed: readonly Placed[];
  /** Those that were made for targets of which none is left: the innermost first. */
  readonly remove: readonly RemoveDirectory[];
}

/** Decides about directories: what is missing is made and recorded, and goes when nothing of ours is in it any more. */
export function planDirectories(
  { root }: Site,
  decided: readonly Decided[],
  previous: readonly Placed[],
  { targets }: SystemFacts,
): Directories {
  const ours = decided.filter(({ decision }) => decision.kind === 'keep' || decision.kind === 'place');
  const missing = ours.filter(({ facts, decision }) => decision.kind === 'place' && facts.parent === 'missing');
  const made = missing.flatMap(({ wanted: { component }, facts }) =>
    facts.missing.map((place) => record(component, root, place)),
  );
  const before = previous.filter(({ kind, target }) => kind === 'directory' && targets.get(target) !== undefined);
  const isNeeded = ({ target }: Placed) => ours.some(({ facts }) => facts.place.startsWith(`${join(root, target)}/`));
  const there = before.filter(({ target }) => targets.get(target)?.found.kind === 'directory');
  return {
    make: [...new Map(missing.map((one) => [dirname(one.facts.place), one]))].map(([place, { wanted }]) => ({
      kind: 'make-directory',
      says: `make the directory ${dirname(wanted.target)}`,
      target: dirname(wanted.target),
      place,
    })),
    placed: byTarget([...there.filter(isNeeded), ...made]),
    remove: byTarget(there.filter((one) => !isNeeded(one)))
      .toReversed()
      .map(({ target }) => ({
        kind: 'remove-directory',
        says: `remove the directory ${target}, if nothing is in it`,
        target,
        place: join(root, target),
      })),
  };
}

function record(component: string, root: string, place: string): Placed {
  return { kind: 'directory', component, target: `/${relative(root, place)}` };
}

/** Each once, and every directory before those in it. */
function byTarget(records: readonly Placed[]): readonly Placed[] {
  const once = new Map(records.map((one) => [one.target, one]));
  return [...once.values()].toSorted((one, other) => (one.target < other.target ? -1 : 1));
}
