import { continuing, type Plan } from '@goldstream/plan';
import { isWritable } from '../deploy/overlay.ts';
import { removeDeployment } from '../prune/plan-prune.ts';
import { planGiveUp } from '../remove/give-up.ts';
import { planPutBack } from '../stage/plan-put-back.ts';
import type { Intent } from '../state/intent.ts';
import type { DeploymentRecord } from '../state/records.ts';
import { CONCLUDE } from '../transaction/step.ts';
import type { RecoverFacts } from './facts.ts';
import { planAgain, stopsOf } from './plan-again.ts';
import { leftoverSteps } from './plan-leftovers.ts';
import { planTrial } from './plan-trial.ts';
import type { RecoverStep } from './step.ts';
import type { Action } from './table.ts';

/** What recovery does, and which cell of the table said so. */
export interface RecoverPlan extends Plan<RecoverStep> {
  readonly action: Action;
}

/**
 * Decides how what was begun is finished or undone. What runs comes first, what lies about last. Before services are
 * started, only what decides which deployment that is is looked after; the rest follows at the next occasion.
 */
export function planRecover(facts: RecoverFacts): RecoverPlan {
  const plan = planAction(facts);
  // Who is asked to stop while it goes back, or forward, would stop half-way.
  return { ...plan, steps: continuing(plan.steps) };
}

function planAction(facts: RecoverFacts): RecoverPlan {
  const { decision, host, circumstances } = facts;
  const { action, because } = decision;
  const intent = host.pending?.intent;
  if (intent === undefined) return { action, goal: 'go on where a command was interrupted', steps: [] };
  // A version that is being repaired may be the active one, and have no name at this moment.
  const isRepair = intent.kind === 'naming' && intent.replaced !== undefined;
  if (circumstances.moment === 'early' && !DECIDE_WHAT_RUNS.has(intent.kind) && !isRepair) {
    return { action, goal: `leave the ${intent.kind} of an interrupted command for later`, steps: [] };
  }
  const what = circumstances.failure === undefined ? 'an interrupted' : 'a failed';
  if (facts.putBack !== undefined) {
    return { action, ...planPutBack(facts.putBack, { action, goal: `undo ${what} exchange: ${because}`, ...facts }) };
  }
  if (facts.giveUp !== undefined) {
    const { notes, steps } = planGiveUp(host, facts.giveUp);
    const goal = `finish ${what} removal: ${because}`;
    return { action, goal, notes, steps: [...steps, ...leftoverSteps(facts.leftovers), CONCLUDE] };
  }
  switch (action) {
    case 'nothing':
      return { action, goal: because, steps: [] };
    case 'discard-incoming':
    case 'name-received':
      return { action, ...planReceived(facts, what) };
    case 'discard-staged':
      return { action, ...planCleaning(facts, `undo ${what} mount: ${because}`) };
    case 'go-on-pruning':
      return { action, ...planCleaning(facts, `finish ${what} prune: ${because}`) };
    case 'finish':
    case 'tidy':
    case 'give-up':
    case 'return':
      return { action, ...planTrial(facts) };
    case 'undo':
    case 'leave':
    // A stage is put back above, and so is a removal finished.
    case 'put-back':
    case 'go-on-removing':
      return { action, ...planUndo(facts, `undo ${what} switch: ${because}`) };
  }
}

/** What services start from depends on these, so they are looked after before any is started. */
const DECIDE_WHAT_RUNS: ReadonlySet<Intent['kind']> = new Set(['switching', 'returning', 'exchanging']);

function planReceived({ host, decision, leftovers }: RecoverFacts, what: string): Plan<RecoverStep> {
  const intent = host.pending?.intent;
  const rest = [...leftoverSteps(leftovers), CONCLUDE];
  if (intent?.kind === 'naming') {
    const { incoming, record, replaced } = intent;
    const says = `name what was received ${host.layout.version(record.version)}, and record it`;
    const goal = `finish ${what} receive of ${record.version}: ${decision.because}`;
    return { goal, steps: [{ kind: 'name-received', says, incoming, record, replaced }, ...rest] };
  }
  if (intent?.kind !== 'receiving') throw new TypeError('only a receive leaves something that was received');
  const { version, incoming: name, newestIdBefore } = intent;
  const says = `remove ${host.layout.incoming(name)}`;
  return {
    goal: `undo ${what} receive of ${version}: ${decision.because}`,
    steps: [{ kind: 'discard-incoming', says, version, incoming: { name, newestIdBefore } }, ...rest],
  };
}

function planCleaning(facts: RecoverFacts, goal: string): Plan<RecoverStep> {
  return { goal, steps: [...discardSteps(facts), ...deleteSteps(facts), ...leftoverSteps(facts.leftovers), CONCLUDE] };
}

/** What ran before runs on; nothing is mounted that was not, for that is `mount`'s. */
function planUndo(facts: RecoverFacts, goal: string): Plan<RecoverStep> {
  const { runs } = facts.parties;
  const again = planAgain(facts);
  return {
    goal,
    notes: again.notes,
    steps: [
      ...(facts.decision.action === 'undo' && runs !== undefined ? standSteps(facts, runs) : []),
      ...again.placing,
      ...again.start(stopsOf(facts)),
      ...again.gone,
      ...discardSteps(facts),
      ...leftoverSteps(facts.leftovers),
      CONCLUDE,
    ],
  };
}

/** `current` names it and, where it is mounted, it takes writes. */
function standSteps({ host }: RecoverFacts, { number, version }: DeploymentRecord): RecoverStep[] {
  const { root } = host.layout.deployment(number);
  if (host.active?.number !== number) {
    return [{ kind: 'activate', says: `make ${version} active again`, to: number, version }];
  }
  const there = host.mounts.get(root);
  if (there === undefined || isWritable(there)) return [];
  return [{ kind: 'open-for-writing', says: `make ${root} writable`, at: root }];
}

function discardSteps({ host, parties, layers }: RecoverFacts): RecoverStep[] {
  return parties.discarded.map((deployment) => removeDeployment({ host, subvolumes: layers }, deployment));
}

function deleteSteps({ host }: RecoverFacts): RecoverStep[] {
  const intent = host.pending?.intent;
  if (intent?.kind !== 'pruning') return [];
  return intent.versions.map(({ version, uuid }) => {
    const path = host.layout.version(version);
    return { kind: 'delete-version', says: `delete ${version} (${path})`, version, path, uuid };
  });
}
