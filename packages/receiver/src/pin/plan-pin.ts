import type { Plan, Step } from '@goldstream/plan';
import { ReceiverError } from '../error.ts';
import type { HostFacts } from '../host/facts.ts';

/** Writes the list of pinned versions. */
export interface WritePins extends Step {
  readonly kind: 'write-pins';
  readonly pins: readonly string[];
}

/** What the operator asked for. */
export interface PinWish {
  /** A version, or a snapshot of a stage. */
  readonly version: string;
  readonly remove: boolean;
}

/** What can be pinned here, and what is. */
export interface Pinnable extends Pick<HostFacts, 'pins'> {
  readonly present: readonly string[];
}

/**
 * Decides about a pin: what is pinned is never pruned. Removing one that is not there is done already, also for what
 * is gone.
 * @throws ReceiverError `DEPLOY_NO_SUCH_VERSION` for a version that is not here: there is nothing to keep
 */
export function planPin({ pins, present }: Pinnable, { version, remove }: PinWish): Plan<WritePins> {
  if (remove) {
    const left = [...pins].filter((pinned) => pinned !== version).toSorted();
    const steps = pins.has(version) ? [writePins(`unpin ${version}`, left)] : [];
    return { goal: `have ${version} not pinned`, steps };
  }
  const goal = `have ${version} pinned`;
  if (pins.has(version)) return { goal, steps: [] };
  if (!present.includes(version)) {
    throw new ReceiverError('DEPLOY_NO_SUCH_VERSION', `${version} is not on this host, so it cannot be kept`, {
      hint: `Receive it first: goldstream-receiver receive ${version}`,
    });
  }
  return { goal, steps: [writePins(`pin ${version}: prune keeps it`, [...pins, version].toSorted())] };
}

function writePins(says: string, pins: readonly string[]): WritePins {
  return { kind: 'write-pins', says, pins };
}
