import type { Plan } from '@goldstream/plan';
import { isWritable } from '../deploy/overlay.ts';
import { blockStep } from '../deploy/plan-deploy.ts';
import type { HostFacts } from '../host/facts.ts';
import { numberName } from '../host/layout.ts';
import type { IntentOf } from '../state/intent.ts';
import type { DeploymentRecord } from '../state/records.ts';
import { CONCLUDE, type Intend } from '../transaction/step.ts';
import type { RecoverFacts } from './facts.ts';
import { planAgain, stopsOf } from './plan-again.ts';
import { leftoverSteps } from './plan-leftovers.ts';
import type { RecoverStep } from './step.ts';

/** Decides how a trial ends: with the new deployment good, or with the one before active again. */
export function planTrial(facts: RecoverFacts): Plan<RecoverStep> {
  const intent = facts.host.pending?.intent;
  if (intent?.kind === 'returning') return planReturn(facts, intent, []);
  if (intent?.kind !== 'switching') throw new TypeError('only a switch has a trial');
  if (facts.decision.action === 'finish') return planFinish(facts, intent);
  if (facts.decision.action === 'tidy') return planTidying(facts);
  const { from, to, stops } = intent;
  const failed = { at: facts.now.toISOString(), reason: facts.decision.because };
  // A change of direction: said before its rename.
  const returning: IntentOf<'returning'> = { kind: 'returning', from: to, to: from, stops, failed };
  const says = `note that deployment ${numberName(to)} failed and is not deployed again by itself`;
  return planReturn(facts, returning, [{ kind: 'intend', says, intent: returning }]);
}

/** Ready for services before they start, judged after that; all of it at once in a command. */
function planFinish(facts: RecoverFacts, intent: IntentOf<'switching'>): Plan<RecoverStep> {
  const { power, decision, parties, host, now } = facts;
  const { runs: tried, left } = parties;
  if (tried === undefined) throw new TypeError('a deployment is on trial that has no record');
  const goal = `finish an interrupted switch to ${tried.version}: ${decision.because}`;
  const again = planAgain(facts);
  const mounting = activateSteps(host, tried);
  if (power === 'none') {
    const starts = intent.starts + 1;
    const says = `note that this is start ${starts} with ${tried.version} on trial`;
    const count: Intend = { kind: 'intend', says, intent: { ...intent, starts } };
    return { goal, notes: again.notes, steps: [count, ...mounting, ...again.placing] };
  }
  const { services, placed, enabled, disabled } = again;
  const good: DeploymentRecord = { ...tried, state: 'good', goodSince: now.toISOString(), placed, enabled, disabled };
  return {
    goal,
    notes: again.notes,
    steps: [
      ...mounting,
      ...again.placing,
      ...again.start([...new Set([...services, ...stopsOf(facts)])]),
      ...judgeSteps(services),
      ...(intent.blocks === undefined || left === undefined ? [] : [blockStep(left, intent.blocks)]),
      {
        kind: 'record',
        says: `note deployment ${numberName(tried.number)} as good`,
        // Whatever blocked it, it was asked for.
        record: { ...good, blocked: undefined },
      },
      ...again.gone,
      ...leftoverSteps(facts.leftovers),
      CONCLUDE,
    ],
  };
}

/** The trial is over, and nothing of it is judged again. */
function planTidying(facts: RecoverFacts): Plan<RecoverStep> {
  const { decision, power, leftovers } = facts;
  const goal = `finish an interrupted switch: ${decision.because}`;
  if (power === 'none') return { goal, steps: [] };
  const { gone, notes } = planAgain(facts);
  return { goal, notes, steps: [...gone, ...leftoverSteps(leftovers), CONCLUDE] };
}

/** The old tree first: whatever stops what follows, the host runs what it ran before. */
function planReturn(
  facts: RecoverFacts,
  { failed }: IntentOf<'returning'>,
  before: readonly RecoverStep[],
): Plan<RecoverStep> {
  const { power, parties, host } = facts;
  const { runs: old, left: tried } = parties;
  const what = tried === undefined ? 'what was tried' : tried.version;
  const goal = `${what} failed (${failed.reason}): going back to ${old === undefined ? 'nothing' : old.version}`;
  const again = planAgain(facts);
  const back: RecoverStep[] = old === undefined ? nothingSteps(host) : activateSteps(host, old);
  const steps = [...before, ...back, ...again.placing];
  // Which deployment runs is settled; what it is to have started is for later.
  if (power === 'none') return { goal, notes: again.notes, steps };
  const { services } = again;
  return {
    goal,
    notes: again.notes,
    steps: [
      ...steps,
      ...again.start([...new Set([...(power === 'start' ? services : []), ...stopsOf(facts)])]),
      ...again.gone,
      ...(tried === undefined ? [] : [badStep(tried, failed)]),
      ...leftoverSteps(facts.leftovers),
      CONCLUDE,
    ],
  };
}

/** Nothing to do when it is what `current` names, mounted and writable. */
function activateSteps({ active, layout, mounts }: HostFacts, { number, version }: DeploymentRecord): RecoverStep[] {
  const there = mounts.get(layout.deployment(number).root);
  if (active?.number === number && there !== undefined && isWritable(there)) return [];
  const says = active?.number === number ? `mount ${version}, which is active` : `make ${version} active`;
  return [{ kind: 'activate', says, to: number, version }];
}

function nothingSteps({ current }: HostFacts): RecoverStep[] {
  if (current === undefined) return [];
  return [{ kind: 'activate-nothing', says: 'make nothing active' }];
}

function judgeSteps(units: readonly string[]): RecoverStep[] {
  if (units.length === 0) return [];
  return [{ kind: 'judge', says: `look whether ${units.join(', ')} did not fail`, units }];
}

function badStep(tried: DeploymentRecord, blocked: NonNullable<DeploymentRecord['blocked']>): RecoverStep {
  const says = `note deployment ${numberName(tried.number)} as bad`;
  return { kind: 'record', says, record: { ...tried, state: 'bad', blocked } };
}
