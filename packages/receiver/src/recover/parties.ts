import type { HostFacts } from '../host/facts.ts';
import type { DeploymentRecord } from '../state/records.ts';
import type { Decision } from './table.ts';

/** The deployments that a recovery is about. */
export interface Parties {
  /** Runs when it is done; undefined: nothing. */
  readonly runs: DeploymentRecord | undefined;
  /** The other end of the intent: what it has placed may be on the system, too. */
  readonly left: DeploymentRecord | undefined;
  /** Whether files and units outside the pool are concerned. */
  readonly meet: boolean;
  /** Taken away as a whole. */
  readonly discarded: readonly DeploymentRecord[];
}

/** Finds the deployments by what was intended and what is decided. Pure. */
export function partiesOf({ pending, deployments, active }: HostFacts, { action }: Decision): Parties {
  const find = (number: number | undefined) => deployments.find((one) => one.number === number);
  const intent = pending?.intent;
  switch (intent?.kind) {
    case 'switching': {
      const [from, to] = [find(intent.from), find(intent.to)];
      if (action === 'finish' || action === 'tidy') return { runs: to, left: from, meet: true, discarded: [] };
      if (action === 'give-up') return { runs: from, left: to, meet: true, discarded: [] };
      // One that was good before is no product of this intent.
      const discarded = to?.state === 'staged' ? [to] : [];
      return { runs: action === 'leave' ? active : from, left: to, meet: true, discarded };
    }
    case 'returning': {
      const [from, to] = [find(intent.from), find(intent.to)];
      return { runs: action === 'leave' ? active : to, left: from, meet: true, discarded: [] };
    }
    case 'staging': {
      const staged = find(intent.number);
      const discarded = action === 'discard-staged' && staged?.state === 'staged' ? [staged] : [];
      return { runs: active, left: undefined, meet: false, discarded };
    }
    case 'pruning': {
      const numbers = new Set(intent.deployments);
      const discarded = deployments.filter(({ number }) => numbers.has(number) && number !== active?.number);
      return { runs: active, left: undefined, meet: false, discarded };
    }
    default:
      return { runs: active, left: undefined, meet: false, discarded: [] };
  }
}
