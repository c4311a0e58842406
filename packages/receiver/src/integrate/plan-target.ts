import type { FileEntry } from '@goldstream/component';
import type { Placed } from '../state/records.ts';
import { attributesOf, isAsPlaced, lastFile, originalOf, type PlacedFile, type PlacedLink } from './placed-record.ts';
import { sameFound } from './same-found.ts';
import type { CopySource, Found, Original, TargetFacts } from './system-facts.ts';

/** What a component wants at one target. */
export interface Wanted {
  readonly component: string;
  readonly target: string;
  readonly type: FileEntry['type'] | 'drop-in';
  /** Text of the system link at this target, whether this version wants a link there or not. */
  readonly link: string;
  /** For what is copied. */
  readonly source: CopySource | undefined;
}

/** What comes of one target. */
export type Decision =
  | { readonly kind: 'keep'; readonly placed: Placed; readonly note?: string }
  | { readonly kind: 'place'; readonly placed: Placed; readonly over: Found }
  /** It stays the operator's, and nothing is recorded of it. */
  | { readonly kind: 'leave'; readonly note: string }
  | { readonly kind: 'conflict'; readonly found: string; readonly adoptable?: Original };

/**
 * Decides about one target. What is there may be replaced when it is what we placed, and only then; a file of ours that
 * was changed since stays, and stays recorded as it was placed. What somebody else has there is a conflict, unless it is
 * to be adopted: then it is recorded as what was there before, for as long as the target is ours.
 * @param ours what the records say was placed there, oldest first
 */
export function planTarget(wanted: Wanted, facts: TargetFacts, ours: readonly Placed[], adopt = false): Decision {
  if (facts.parent === 'blocked') return { kind: 'conflict', found: 'something on the way to it that is no directory' };
  const { found } = facts;
  if (found.kind === 'directory') return { kind: 'conflict', found: 'a directory' };
  if (found.kind === 'other') return { kind: 'conflict', found: 'a special file' };
  const original = originalOf(ours);
  const decision = isMask(wanted, found)
    ? decideMask(wanted, ours)
    : original !== undefined && sameFound(found, original)
      ? // Taken over already, or about to be when something came in between: the records decided.
        takeOver(wanted, found)
      : decide(wanted, found, ours);
  if (decision.kind === 'conflict') {
    if (!adopt || decision.adoptable === undefined) return decision;
    return adopting(takeOver(wanted, found), decision.adoptable);
  }
  return original === undefined ? decision : adopting(decision, original);
}

/** How a file is recorded; a plain copy otherwise. */
const RECORDED_AS: Readonly<Partial<Record<Wanted['type'], PlacedFile['kind']>>> = {
  'copy-if-not-exists': 'default',
  'systemd-unit': 'unit',
  'drop-in': 'drop-in',
  dbus: 'dbus',
};

function decide(wanted: Wanted, found: Found, ours: readonly Placed[]): Decision {
  const placed = placedAs(wanted);
  if (placed.kind === 'link') return decideLink(placed, wanted, found, ours);
  return placed.kind === 'default'
    ? decideDefault(placed, wanted, found, ours)
    : decideCopy(placed, wanted, found, ours);
}

/** What is recorded when a target is what the component wants. */
function placedAs({ component, target, type, source, link }: Wanted): PlacedFile | PlacedLink {
  if (source === undefined) return { kind: 'link', component, target, text: link };
  return {
    kind: RECORDED_AS[type] ?? 'copy',
    component,
    target,
    sha256: source.sha256,
    ...attributesOf(source),
  };
}

/** Says that a target is ours now, and that `original` was there before. */
function adopting(decision: Decision, adopted: Original): Decision {
  if (decision.kind === 'conflict' || decision.kind === 'leave') return decision;
  return { ...decision, placed: { ...decision.placed, adopted } };
}

/** What is there is known and may give way; a default leaves it all the same. */
function takeOver(wanted: Wanted, found: Found): Decision {
  const placed = placedAs(wanted);
  if (placed.kind === 'default') return decideDefault(placed, wanted, found, []);
  return isAsPlaced(found, placed) ? { kind: 'keep', placed } : { kind: 'place', placed, over: found };
}

/** `systemctl mask` puts this in the place of a unit file: systemctl(1). */
function isMask({ type }: Wanted, found: Found): boolean {
  return type === 'systemd-unit' && found.kind === 'link' && found.text === '/dev/null';
}

function decideMask(wanted: Wanted, ours: readonly Placed[]): Decision {
  const note = `${wanted.target} masks the unit on this host and stays`;
  const last = lastFile(ours);
  const placed = placedAs(wanted);
  if (last === undefined || placed.kind === 'link') return { kind: 'leave', note };
  return { kind: 'keep', placed: { ...placed, ...last }, note };
}

function decideLink(placed: PlacedLink, { link }: Wanted, found: Found, ours: readonly Placed[]): Decision {
  // Nobody else writes this text: it is ours, recorded or not.
  if (isAsPlaced(found, placed)) return { kind: 'keep', placed };
  return replace(placed, found, link, ours);
}

function decideCopy(placed: PlacedFile, { link }: Wanted, found: Found, ours: readonly Placed[]): Decision {
  const last = lastFile(ours);
  if (last !== undefined && isAsPlaced(found, placed)) return { kind: 'keep', placed };
  const decision = replace(placed, found, link, ours);
  if (decision.kind !== 'conflict' || found.kind !== 'file') return decision;
  if (last !== undefined) return { kind: 'keep', placed: { ...placed, ...last }, note: keptNote(placed, last) };
  if (found.sha256 !== placed.sha256) return decision;
  // Somebody else has the very same there: nobody loses anything, and it stays when the target is given up.
  const same = { ...placed, adopted: found };
  return isAsPlaced(found, placed) ? { kind: 'keep', placed: same } : { kind: 'place', placed: same, over: found };
}

/**
 * `copy-if-not-exists`: whatever is there stays, and what we placed earlier is still known as ours. A link or a plain
 * copy of ours is no default of anybody: it gives way like any other.
 */
function decideDefault(placed: PlacedFile, { link }: Wanted, found: Found, ours: readonly Placed[]): Decision {
  const asPlaced = ours.filter((record) => isAsPlaced(found, record));
  const isManaged = asPlaced.length > 0 && asPlaced.every(({ kind }) => kind !== 'default');
  const last = lastFile(ours);
  if (last !== undefined && isAsPlaced(found, placed)) return { kind: 'keep', placed };
  if (found.kind === 'absent' || isManaged || (found.kind === 'link' && found.text === link)) {
    return { kind: 'place', placed, over: found };
  }
  if (last !== undefined) return { kind: 'keep', placed: { ...placed, ...last } };
  const { component, target } = placed;
  return { kind: 'keep', placed: { kind: 'default', component, target, ...attributesOf(placed) } };
}

function replace(placed: Placed, found: Found, link: string, ours: readonly Placed[]): Decision {
  const isOurs = found.kind === 'absent' || ours.some((record) => isAsPlaced(found, record));
  if (isOurs || (found.kind === 'link' && found.text === link)) return { kind: 'place', placed, over: found };
  if (found.kind === 'link') return { kind: 'conflict', found: `a link to ${found.text}`, adoptable: found };
  if (found.kind !== 'file') return { kind: 'conflict', found: `a ${found.kind}` };
  if (lastFile(ours) !== undefined) return { kind: 'conflict', found: 'a file that was changed since it was placed' };
  return { kind: 'conflict', found: 'a file of somebody else', adoptable: found };
}

function keptNote({ target, component, sha256 }: PlacedFile, last: { readonly sha256: string }): string {
  const newer = last.sha256 !== sha256 ? `; the new one of ${component} is not placed` : '';
  return `${target} was changed on this host and stays as it is${newer}`;
}
