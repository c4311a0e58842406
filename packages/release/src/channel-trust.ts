import { latest, renderTime } from './document-time.ts';
import type { Sha256 } from './sha256.ts';
import type { Version } from './version.ts';

/** What a host remembers of one channel; stored durably, and only as `judgeChannel` returns it. */
export interface ChannelTrust {
  readonly epoch: number;
  /** The highest accepted in this epoch. */
  readonly sequence: number;
  /** Of the channel with that sequence: a second one would be another. */
  readonly sha256: Sha256;
  /**
   * The effective time when it was accepted, which its issue time is never after. Recorded on acceptance only: since no
   * channel is accepted after its expiry, a clock that was once far ahead cannot poison it.
   */
  readonly time: string;
  /** The newest release seen in this epoch; lowered by a signed downgrade alone. */
  readonly newest: Version;
}

/** What an acceptance meant, for the audit trail. */
export type TrustEvent =
  /** The clock was before the time that is proven to have passed. */
  | { readonly kind: 'clock-behind'; readonly clock: string; readonly assumed: string }
  | { readonly kind: 'new-epoch'; readonly from: number; readonly to: number }
  | { readonly kind: 'downgrade'; readonly from: Version; readonly to: Version; readonly reason: string }
  | { readonly kind: 'keys-changed'; readonly number: number; readonly reason: string }
  | { readonly kind: 'key-added'; readonly fingerprint: string }
  /** Left out of the new document: it no longer signs, and nothing is held against it. */
  | { readonly kind: 'key-retired'; readonly fingerprint: string }
  | { readonly kind: 'key-withdrawn'; readonly fingerprint: string; readonly reason: string };

/** A time to judge by. */
export interface AssumedTime {
  readonly now: Date;
  /** Whether the clock can be right: not before what is proven, give or take a day. */
  readonly plausible: boolean;
}

/** No document is older; a clock before it was never set, as on machines without a battery. */
const EARLIEST = '2026-01-01T00:00:00Z';
/** A clock may be corrected by this much without being called wrong, in milliseconds: a day. */
const CORRECTION = 86_400_000;

/**
 * Effective now: the latest of the system's clock, the time recorded with the highest accepted channel, and
 * `issued`, the issue time of the one that is being judged. A clock that is backwards or missing so makes nothing
 * valid again that had expired.
 */
export function assumeNow(clock: Date, seen: ChannelTrust | undefined, issued?: string): AssumedTime {
  const proven = latest(new Date(EARLIEST), seen?.time);
  return { now: latest(clock, renderTime(proven), issued), plausible: clock.getTime() > proven.getTime() - CORRECTION };
}
