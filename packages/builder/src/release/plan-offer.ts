import { formatBytes } from '@goldstream/cli';
import { encodedBytes, type IncrementalStream, type StreamEntry } from '@goldstream/release';
import { BuilderError } from '../error.ts';

/** What an incremental has to keep to. */
export interface OfferRules {
  /** Offered below this share of the full stream's compressed size. */
  readonly below: number;
  /** Compressed bytes that no incremental may exceed. */
  readonly budget: number | undefined;
}

/** The streams that are published, and the incrementals that save too little. */
export interface Offer {
  readonly offered: readonly StreamEntry[];
  readonly dropped: readonly IncrementalStream[];
}

/**
 * Decides which streams a release offers. The budget comes first: an incremental that became too large says that golden
 * changed more than was meant, and must not go out unnoticed because it is not worth offering.
 * @throws BuilderError `BUILDER_OVER_BUDGET`
 */
export function planOffer(streams: readonly StreamEntry[], { below, budget }: OfferRules): Offer {
  const full = streams.find(({ kind }) => kind === 'full');
  const incrementals = streams.filter((stream) => stream.kind === 'incremental');
  for (const stream of incrementals) refuseOverBudget(stream, budget);
  const limit = full === undefined ? Number.POSITIVE_INFINITY : below * encodedBytes(full);
  const isWorthIt = (stream: StreamEntry) => encodedBytes(stream) < limit;
  return {
    offered: [...(full === undefined ? [] : [full]), ...incrementals.filter(isWorthIt)],
    dropped: incrementals.filter((stream) => !isWorthIt(stream)),
  };
}

function refuseOverBudget(stream: IncrementalStream, budget: number | undefined): void {
  const bytes = encodedBytes(stream);
  if (budget === undefined || bytes <= budget) return;
  throw new BuilderError(
    'BUILDER_OVER_BUDGET',
    `the incremental from ${stream.parent.version} has ${formatBytes(bytes)}, the budget is ${formatBytes(budget)}`,
    { hint: 'Look at what was rewritten: goldstream-builder inspect; or raise budget: in golden.yaml.' },
  );
}
