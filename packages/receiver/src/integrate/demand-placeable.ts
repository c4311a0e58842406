import { ReceiverError } from '../error.ts';
import type { Decision, Wanted } from './plan-target.ts';
import type { TargetFacts } from './system-facts.ts';

/** A target, what is there, and what is to come of it. */
export interface Decided {
  readonly wanted: Wanted;
  readonly facts: TargetFacts;
  readonly decision: Decision;
}

/** Refuses, naming every one, targets that somebody else has: `TARGET_CONFLICT`. */
export function demandFree(decided: readonly Decided[]): void {
  const conflicts = decided.flatMap(({ wanted: { target, component, type }, decision }) =>
    decision.kind === 'conflict' ? `${target} is ${decision.found}, ${component} wants ${WANTS[type]} there` : [],
  );
  if (conflicts.length === 0) return;
  throw new ReceiverError('TARGET_CONFLICT', `not free: ${conflicts.join('; ')}`, {
    hint: isAdoptable(decided)
      ? 'Move away what is there, or let --adopt keep it in backup/ for as long as the target is in use.'
      : 'Move away what is there, then run the command again.',
  });
}

function isAdoptable(decided: readonly Decided[]): boolean {
  return decided.every(({ decision }) => decision.kind !== 'conflict' || decision.adoptable !== undefined);
}

/** Refuses copies that would run with another user's rights: `TARGET_SETUID`. */
export function demandNoSetuid(decided: readonly Decided[], allowed: boolean): void {
  const found = decided.find(({ wanted: { source } }) => source !== undefined && (source.mode & 0o6000) !== 0);
  if (found === undefined || allowed) return;
  const { component, target, source } = found.wanted;
  throw new ReceiverError(
    'TARGET_SETUID',
    `${component} wants ${target} with mode ${source?.mode.toString(8)}, which this host does not allow`,
    { hint: 'Set allow.suid in the configuration if you trust it with that.' },
  );
}

const WANTS: Readonly<Record<Wanted['type'], string>> = {
  symlink: 'a link',
  directory: 'a link to a tree',
  copy: 'a copy',
  'copy-if-not-exists': 'a copy',
  'systemd-unit': 'a unit file',
  'drop-in': 'a drop-in for its unit',
  dbus: 'a D-Bus file',
};
