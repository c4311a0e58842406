import type { Plan } from '@goldstream/plan';
import { ReceiverError } from '../error.ts';
import { guardPolicy } from '../receive/guard-policy.ts';
import type { ReceiveWish } from '../receive/plan-receive.ts';
import { streamSteps } from '../receive/plan-stream.ts';
import type { ReceiveStep } from '../receive/step.ts';
import { type DamagedName, damagedName, parseDamagedName } from './damaged-name.ts';
import type { RepairFacts } from './facts.ts';
import type { Replaced } from './set-aside.ts';
import type { RepairStep } from './step.ts';

/**
 * Decides how a version becomes again what was released: received in full beside the damaged copy, every byte proven,
 * then in its place. What runs on the damaged copy moves to a new deployment; the copy goes when nobody uses it.
 */
export function planRepair(facts: RepairFacts, { timeout }: Pick<ReceiveWish, 'timeout'> = {}): Plan<RepairStep> {
  const { record, wrong, receive, host } = facts;
  const { version } = record;
  const goal = `have ${version} as it was released`;
  const notes = wrong.map(({ aspect, says }) => `${version}: ${aspect} ${says ?? 'is wrong'}`);
  if (receive === undefined) {
    const found = `${version} is what was released: every byte was read`;
    return { goal, notes: [found], steps: [...moveSteps(facts, facts.damaged), ...facts.damaged.map(removeStep)] };
  }
  const replaced = replacedBy(facts);
  const aside = replaced && parseDamagedName(replaced.as);
  const damaged = [...facts.damaged, ...(aside === undefined ? [] : [aside])];
  return {
    goal,
    notes,
    steps: [
      ...streamSteps({ ...receive, host }, { allowUnsigned: false, timeout }).flatMap((step) =>
        proving(facts, step, replaced),
      ),
      ...(aside === undefined ? [] : [disownStep(aside)]),
      ...moveSteps(facts, damaged),
      ...damaged.map(removeStep),
    ],
  };
}

/** What is under the version's name now; undefined when nothing is. */
function replacedBy({ host, record: { version }, receive }: RepairFacts): Replaced | undefined {
  if (!host.present.includes(version)) return undefined;
  const uuid = receive?.subvolume?.uuid;
  if (uuid !== undefined) return { uuid, as: damagedName(version, host.nextNumber, uuid) };
  throw new ReceiverError('RECEIVE_SUSPECT', `${host.layout.version(version)} is there and is no subvolume`, {
    hint: 'Look at it, and move it away.',
  });
}

/** Every byte is read again before the fresh copy gets the name: one that is no better replaces nothing. */
function proving(
  { host, receive }: RepairFacts,
  step: ReceiveStep,
  replaced: Replaced | undefined,
): readonly RepairStep[] {
  if (step.kind !== 'record-received' || step.incoming === undefined || receive === undefined) return [step];
  const { release, incoming } = step;
  const { version, policy } = release.manifest;
  const path = host.layout.incoming(incoming.name);
  const says = `check every byte of ${path} against the signed manifest`;
  const put = `sync, look at it, put it in the place of ${host.layout.version(version)}${replaced === undefined ? '' : `, which is set aside as ${replaced.as}`}, and record it`;
  return [
    { kind: 'check-contents', says, release, path, policy: guardPolicy(policy, receive.allow) },
    { ...step, says: put, how: `${step.how}, repaired`, replaced },
  ];
}

/** What runs on a damaged copy goes over to the fresh one by a switch like any other. */
function moveSteps(
  { host: { active }, record: { version } }: RepairFacts,
  damaged: readonly DamagedName[],
): RepairStep[] {
  if (active?.version !== version || !damaged.some(({ before }) => active.number < before)) return [];
  return [
    {
      kind: 'deploy-received',
      says: `run ${version} on the fresh copy: a new deployment, switched to as in an upgrade`,
      version,
    },
  ];
}

function disownStep(damaged: DamagedName): RepairStep {
  return {
    kind: 'disown-damaged',
    says: `take the received UUID from ${damaged.name}: no stream builds on it`,
    damaged,
  };
}

function removeStep(damaged: DamagedName): RepairStep {
  return { kind: 'remove-damaged', says: `delete ${damaged.name} if nobody uses it`, damaged };
}
