import { encodedBytes, type IncrementalStream, type StreamEntry } from '@goldstream/release';

/** What an incremental has to keep to. */
export interface OfferRules {
  /** Offered below this share of the full stream's compressed size. */
  readonly below: number;
}

/** The streams that are published, and the incrementals that save too little. */
export interface Offer {
  readonly offered: readonly StreamEntry[];
  readonly dropped: readonly IncrementalStream[];
}

/** Decides which streams a release offers. */
export function planOffer(streams: readonly StreamEntry[], { below }: OfferRules): Offer {
  const full = streams.find(({ kind }) => kind === 'full');
  const incrementals = streams.filter((stream) => stream.kind === 'incremental');
  const limit = full === undefined ? Number.POSITIVE_INFINITY : below * encodedBytes(full);
  const isWorthIt = (stream: StreamEntry) => encodedBytes(stream) < limit;
  return {
    offered: [...(full === undefined ? [] : [full]), ...incrementals.filter(isWorthIt)],
    dropped: incrementals.filter((stream) => !isWorthIt(stream)),
  };
}
