import { join } from 'node:path';
import type { Placed } from '../state/records.ts';
import type { PutBack, RemoveFile, RemoveLink } from './integration-plan.ts';
import { placedByTarget } from './placed-by-target.ts';
import { isAsPlaced, originalOf } from './placed-record.ts';
import { sameFound } from './same-found.ts';
import type { Site } from './site.ts';
import type { SystemFacts, TargetFacts } from './system-facts.ts';

/** A target that is given up. */
export type GoneStep = RemoveLink | RemoveFile | PutBack;

/** What becomes of the things that the new version has no more. */
export interface Gone {
  /** Of what a daemon reads, which is told once about all that changed: right after the switch. */
  readonly read: readonly GoneStep[];
  /** Everything else: once the new version proved good. */
  readonly rest: readonly GoneStep[];
  readonly notes: readonly string[];
  /** Whether any unit file or drop-in is among it, and whether anything of D-Bus is. */
  readonly units: boolean;
  readonly dbus: boolean;
}

/**
 * Decides what becomes of targets that are given up: what still is exactly as it was placed is removed, or what was there
 * before is put back. What was changed stays and is named.
 */
export function planGone({ originals }: Site, placed: readonly Placed[], { targets }: SystemFacts): Gone {
  const files = placed.filter(({ kind }) => kind !== 'directory');
  const verdicts = [...placedByTarget(files)].map(([target, records]) => {
    const facts = targets.get(target);
    return { kinds: new Set(records.map(({ kind }) => kind)), ...giveUp(originals, target, facts, records) };
  });
  const steps = verdicts.flatMap(({ step, kinds }) => (step === undefined ? [] : [{ step, kinds }]));
  const has = (...some: readonly Placed['kind'][]) => steps.some(({ kinds }) => some.some((kind) => kinds.has(kind)));
  const isRead = (kinds: ReadonlySet<Placed['kind']>) => READ_BY_DAEMONS.some((kind) => kinds.has(kind));
  return {
    read: steps.flatMap(({ step, kinds }) => (isRead(kinds) ? [step] : [])),
    rest: steps.flatMap(({ step, kinds }) => (isRead(kinds) ? [] : [step])),
    notes: verdicts.flatMap(({ note }) => (note === undefined ? [] : [note])),
    units: has('unit', 'drop-in'),
    dbus: has('dbus'),
  };
}

const READ_BY_DAEMONS = ['unit', 'drop-in', 'dbus'] as const;

interface Verdict {
  readonly step?: GoneStep;
  readonly note?: string | undefined;
}

function giveUp(
  originals: string,
  target: string,
  facts: TargetFacts | undefined,
  records: readonly Placed[],
): Verdict {
  if (facts === undefined || facts.parent !== 'present') return {};
  const { place, found } = facts;
  const original = originalOf(records);
  if (original !== undefined && sameFound(found, original)) return {};
  const isOurs = found.kind === 'absent' || records.some((one) => isAsPlaced(found, one));
  if (!isOurs) return { note: noteOf(target, originals, records) };
  if (original !== undefined) {
    const kept = original.kind === 'file' ? { kept: keptAt(originals, original) } : {};
    const says = `put back what was at ${target} before`;
    return { step: { kind: 'put-back', says, target, place, over: found, original, ...kept } };
  }
  const says = `remove ${target}`;
  if (found.kind === 'link') return { step: { kind: 'remove-link', says, target, place, text: found.text } };
  if (found.kind !== 'file') return {};
  const { sha256, mode, uid, gid } = found;
  return { step: { kind: 'remove-file', says, target, place, placed: { sha256, mode, uid, gid } } };
}

/** Where the content of an original is kept. */
export function keptAt(originals: string, { sha256 }: { readonly sha256: string }): string {
  return join(originals, sha256);
}

/** A default that was the operator's from the beginning is not worth a word. */
function noteOf(target: string, originals: string, records: readonly Placed[]): string | undefined {
  const wasOurs = records.some((one) => one.kind !== 'default' || one.sha256 !== undefined);
  if (!wasOurs) return undefined;
  const original = originalOf(records);
  const wasReplaced = original?.kind === 'file' && !records.every((one) => isAsPlaced(original, one));
  const before = wasReplaced ? `; what was there before is kept as ${keptAt(originals, original)}` : '';
  return `${target} was changed on this host and is not removed${before}`;
}
