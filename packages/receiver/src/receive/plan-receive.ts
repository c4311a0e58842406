import type { Plan } from '@goldstream/plan';
import { ReceiverError } from '../error.ts';
import type { ReceiveFacts } from './facts.ts';
import { byHandSteps } from './plan-by-hand.ts';
import { streamSteps } from './plan-stream.ts';
import type { ReceiveStep } from './step.ts';

/** What the operator wants, for this run only. */
export interface ReceiveWish {
  readonly allowUnsigned: boolean;
  /** How long a source may give nothing. Milliseconds; default 5 minutes. */
  readonly timeout?: number | undefined;
}

/**
 * Decides how a version gets onto this host next to the active one. What is received has a temporary name until it is
 * proven, so a final name always means complete; what somebody else put there is taken after a full content check.
 */
export function planReceive(facts: ReceiveFacts, wish: ReceiveWish): Plan<ReceiveStep> {
  const { host, version, subvolume } = facts;
  const record = host.records.get(version);
  const goal = `have ${version} received`;
  if (record !== undefined && subvolume !== undefined) {
    return { goal, notes: [`${version} was received ${record.at}`], steps: [] };
  }
  if (subvolume !== undefined) return { goal, steps: byHandSteps(facts, wish) };
  if (facts.occupied) {
    throw new ReceiverError('RECEIVE_SUSPECT', `${host.layout.version(version)} is there and is no subvolume`, {
      hint: 'Look at it, and move it away.',
    });
  }
  return { goal, notes: changedNotes(facts), steps: streamSteps(facts, wish) };
}

function changedNotes({ changed }: ReceiveFacts): string[] {
  return changed.map(
    (version) =>
      `${version} was changed on this host since it was received: it does not serve as a parent (verify --deep says more)`,
  );
}
