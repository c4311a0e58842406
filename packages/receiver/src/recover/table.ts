import type { Intent, PendingIntent } from '../state/intent.ts';

/** What `current` names, compared with what an intent says of it. */
export type Place =
  /** It is not there, although neither end of the intent is “nothing”. */
  | 'none'
  /** What was active when the intent was written. */
  | 'from'
  /** What shall be active once it is done. */
  | 'to'
  /** Something that the intent does not name: somebody else has changed it. */
  | 'other';

/**
 * What `current` names: a deployment's number, nothing, or something that is no deployment of ours. Of an exchange it is
 * what the stage's own link names: a tree's number.
 */
export type Current = number | 'nothing' | 'foreign';

/** What `recover` does. */
export type Action =
  | 'nothing'
  | 'discard-incoming'
  | 'name-received'
  | 'discard-staged'
  | 'undo'
  | 'finish'
  | 'tidy'
  | 'give-up'
  | 'return'
  | 'leave'
  | 'put-back'
  | 'go-on-pruning'
  | 'go-on-removing';

/** An action and why it is the right one, as a phrase. */
export interface Decision {
  readonly action: Action;
  readonly because: string;
}

/** What the table does not know. */
export interface Circumstances {
  /** What brings recovery about. `early`: at boot, before services start; `late`: at boot, after that. */
  readonly moment: 'command' | 'early' | 'late';
  /** Why what the intent is about failed, when that is what recovery is for: seen a moment ago, not found later. */
  readonly failure?: string | undefined;
  /** Whether the record says already that what is on trial is good. */
  readonly judged?: boolean;
}

/** How often a host may be started with a deployment on trial before that one is given up. */
export const MAX_STARTS = 3;

const discardIncoming = cell(
  'discard-incoming',
  'a stub is of no use: what is received gets its name when it is proven',
);
const nameReceived = cell('name-received', 'it was proven before the intent was written');
const discardStaged = cell('discard-staged', 'nobody uses it, and it may be half made');
const putBack = cell('put-back', 'a stage that is not marked as deployed has not proven itself');
const otherTree = cell('leave', 'somebody else has made the stage link to another tree');
const goOn = cell('go-on-pruning', 'what was chosen may be half gone; each use is looked for again');
const goOnRemoving = cell('go-on-removing', 'it was asked for, and half of it is of no use to anybody');
const handChanged = cell('leave', 'somebody else has changed `current`, and what it names is not ours to choose');

/**
 * The closed table: for every intent and every place of `current`, what is done. `docs/formats.md` shows it, and a test
 * compares the two; an intent without its four cells does not compile.
 */
export const RECOVERY: { readonly [Kind in Intent['kind']]: { readonly [At in Place]: Decision } } = {
  receiving: { none: discardIncoming, from: discardIncoming, to: discardIncoming, other: discardIncoming },
  naming: { none: nameReceived, from: nameReceived, to: nameReceived, other: nameReceived },
  staging: { none: discardStaged, from: discardStaged, to: handChanged, other: discardStaged },
  switching: {
    none: cell('undo', '`current` is lost, and what ran before is known to be good'),
    from: cell('undo', 'nothing was switched: what ran before runs, and the same command starts anew'),
    to: cell('finish', 'it is on trial: placed, started and judged, it is good, or it is given up'),
    other: handChanged,
  },
  returning: {
    none: cell('return', '`current` is lost, and where to is decided'),
    from: cell('return', 'it failed its trial, and its version is blocked already'),
    to: cell('return', 'the rename is done; files, units and the record follow'),
    other: handChanged,
  },
  exchanging: { none: putBack, from: putBack, to: putBack, other: otherTree },
  removing: { none: goOnRemoving, from: goOnRemoving, to: goOnRemoving, other: goOnRemoving },
  pruning: { none: goOn, from: goOn, to: goOn, other: goOn },
};

/** Decides what follows from an intent and what `current` names. Pure. */
export function decide(
  pending: PendingIntent | undefined,
  current: Current,
  { moment, failure, judged = false }: Circumstances,
): Decision {
  if (pending === undefined) return cell('nothing', 'nothing was begun');
  const { intent } = pending;
  const decision = RECOVERY[intent.kind][placeOf(intent, current)];
  if (intent.kind !== 'switching' || decision.action !== 'finish') return decision;
  if (judged) return cell('tidy', 'it is good already; what only the one before had goes');
  if (failure !== undefined) return cell('give-up', failure);
  if (moment === 'early' && intent.starts >= MAX_STARTS) {
    return cell('give-up', `it did not become good in ${MAX_STARTS} starts of this host`);
  }
  return decision;
}

/** What may be done to units. */
export type UnitPower =
  /** Services are not started yet: nothing. */
  | 'none'
  /** They were started from the right tree: only what is missing is started. */
  | 'start'
  /** Some may run from the tree that is left. */
  | 'all';

/** Decides what may be done to units. Pure. */
export function unitPower(
  pending: PendingIntent | undefined,
  current: Current,
  { action }: Decision,
  { moment }: Circumstances,
): UnitPower {
  if (moment === 'early') return 'none';
  if (moment === 'command' || action === 'give-up' || action === 'go-on-removing') return 'all';
  // The host came up with what failed, so services run from it.
  return action === 'return' && pending !== undefined && placeOf(pending.intent, current) === 'from' ? 'all' : 'start';
}

/** Which column of the table it is. */
export function placeOf(intent: Intent, current: Current): Place {
  const { from, to } = endsOf(intent);
  if (current === from) return 'from';
  if (current === to) return 'to';
  return current === 'nothing' ? 'none' : 'other';
}

interface Ends {
  readonly from?: number | 'nothing';
  readonly to?: number | 'nothing';
}

function endsOf(intent: Intent): Ends {
  switch (intent.kind) {
    case 'switching':
    case 'returning':
      return { from: intent.from ?? 'nothing', to: intent.to ?? 'nothing' };
    case 'exchanging':
      return { from: intent.from, to: intent.to };
    case 'staging':
      return { to: intent.number };
    case 'receiving':
    case 'naming':
    case 'removing':
    case 'pruning':
      return {};
  }
}

function cell(action: Action, because: string): Decision {
  return { action, because };
}
