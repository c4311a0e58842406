import type { Channel } from './channel.ts';
import { assumeNow, type ChannelTrust, type TrustEvent } from './channel-trust.ts';
import { renderTime } from './document-time.ts';
import { ReleaseError, type ReleaseErrorCode } from './error.ts';
import type { KeySet } from './keys-document.ts';
import { findWithheldKeys } from './keys-pointer.ts';
import type { Sha256 } from './sha256.ts';
import { compareVersions, type Version } from './version.ts';

/** A sequence may be this much higher than the last one: a million channels, one every hour for a century. */
export const SEQUENCE_JUMP_LIMIT = 1_000_000;

/** How far a publisher's clock may be ahead of the host's, in milliseconds: a day. */
const CLOCK_TOLERANCE = 86_400_000;

/** A channel whose signature was verified, with enough signers of `HostSide.keys`. */
export interface PresentedChannel {
  readonly channel: Channel;
  /** Of the bytes that gpgv emitted. */
  readonly sha256: Sha256;
}

/** What the host holds against it. */
export interface HostSide {
  readonly application: string;
  /** The name of the channel that was asked for. */
  readonly channel: string;
  /** What was accepted of this channel before; `undefined`: nothing. */
  readonly seen: ChannelTrust | undefined;
  /** The keys it was verified with. */
  readonly keys: KeySet;
  /** The system's clock, however wrong. */
  readonly clock: Date;
}

/** Accepted, with the state to store durably before anything is done on the channel's word; or refused. */
export type ChannelJudgement =
  | {
      readonly ok: true;
      readonly state: ChannelTrust;
      /** The effective time; for the rollout too. */
      readonly now: Date;
      /** What an audit trail should say. */
      readonly events: readonly TrustEvent[];
    }
  | { readonly ok: false; readonly refusal: ReleaseError };

/**
 * Judges a signed channel by what this host has seen. The rules, in this order: it is the one that was asked for
 * (mix-and-match); no keys document is withheld; it is not older than the last one (rollback), not another one of the
 * same sequence (equivocation), not absurdly newer (fast-forward); it was not issued in the future; its release is not
 * older than the newest seen, unless it says so; it has not expired (freeze). A refusal changes nothing: what was
 * accepted before stays usable.
 */
export function judgeChannel(presented: PresentedChannel, host: HostSide): ChannelJudgement {
  const refusal =
    findMismatch(presented.channel, host) ??
    findWithheldKeys(presented.channel.keys, host.keys) ??
    findReplay(presented, host) ??
    findFuture(presented.channel, host) ??
    findDowngrade(presented.channel, host) ??
    findExpiry(presented.channel, host);
  return refusal ? { ok: false, refusal } : accept(presented, host);
}

function findMismatch({ application, channel }: Channel, host: HostSide): ReleaseError | undefined {
  if (application === host.application && channel === host.channel) return undefined;
  return refuse(
    'RELEASE_CHANNEL_MISMATCH',
    `this is channel ${channel} of ${application}, expected ${host.channel} of ${host.application}`,
    'The store mixes channels up: tell its publisher.',
  );
}

function findReplay({ channel, sha256 }: PresentedChannel, host: HostSide): ReleaseError | undefined {
  const { epoch, sequence } = channel;
  const seen = host.seen;
  const newEpoch = seen === undefined || epoch > seen.epoch;
  if (!newEpoch && (epoch < seen.epoch || sequence < seen.sequence)) {
    return refuse(
      'RELEASE_CHANNEL_ROLLBACK',
      `${describe(channel)} is older than ${describe(seen)}, which this host has seen`,
      'The store hands out an old channel: take another copy, or tell its publisher.',
    );
  }
  if (!newEpoch && sequence === seen.sequence && sha256 !== seen.sha256) {
    return refuse(
      'RELEASE_CHANNEL_EQUIVOCATION',
      `${describe(channel)} was signed twice with different contents: ${sha256} here, ${seen.sha256} before`,
      'Ask the publisher which one is right; a key may be in foreign hands.',
    );
  }
  const last = newEpoch ? 0 : seen.sequence;
  if (sequence - last <= SEQUENCE_JUMP_LIMIT) return undefined;
  return refuse(
    'RELEASE_CHANNEL_FAST_FORWARD',
    `${describe(channel)} is more than ${SEQUENCE_JUMP_LIMIT} above ${last}, the last one`,
    'Tell the publisher, who can restart the sequence in a new epoch.',
  );
}

function findFuture({ epoch, issued }: Channel, { seen, clock }: HostSide): ReleaseError | undefined {
  const { plausible } = assumeNow(clock, seen?.epoch === epoch ? seen : undefined);
  // Of a clock that is known to be wrong, nothing follows; the channel's own time then sets the host's.
  if (!plausible || Date.parse(issued) - clock.getTime() <= CLOCK_TOLERANCE) return undefined;
  return refuse(
    'RELEASE_CHANNEL_FROM_FUTURE',
    `the channel was issued at ${issued}, the clock of this host says ${renderTime(clock)}`,
    'Set the clock; if it is right, tell the publisher.',
  );
}

function findDowngrade(channel: Channel, { seen }: HostSide): ReleaseError | undefined {
  if (newestSeen(channel, seen) === undefined || coveredBy(channel, seen)) return undefined;
  return refuse(
    'RELEASE_DOWNGRADE',
    `the channel's release ${channel.current} is older than ${seen?.newest}, which this host has seen`,
    'Ask the publisher: a step back needs a signed downgrade in the channel.',
  );
}

function findExpiry(channel: Channel, host: HostSide): ReleaseError | undefined {
  const { now } = timeOf(channel, host);
  if (now.getTime() < Date.parse(channel.expires)) return undefined;
  return refuse(
    'RELEASE_CHANNEL_EXPIRED',
    `${describe(channel)} expired at ${channel.expires}, it is ${renderTime(now)}`,
    'Take nothing new from it; what is here stays usable. The publisher renews it with `goldstream-builder channel sign`.',
  );
}

function accept({ channel, sha256 }: PresentedChannel, host: HostSide): ChannelJudgement {
  const { epoch, sequence, current, downgrade } = channel;
  const { seen, clock } = host;
  const { now, plausible } = timeOf(channel, host);
  const events: TrustEvent[] = [];
  if (!plausible) events.push({ kind: 'clock-behind', clock: renderTime(clock), assumed: renderTime(now) });
  if (seen && epoch > seen.epoch) events.push({ kind: 'new-epoch', from: seen.epoch, to: epoch });
  const newest = newestSeen(channel, seen);
  if (newest && downgrade) events.push({ kind: 'downgrade', from: newest, to: current, reason: downgrade.reason });
  const state = { epoch, sequence, sha256, time: renderTime(now), newest: current };
  return { ok: true, state, now, events };
}

/** A new epoch forgets the time too: it may be what went wrong. */
function timeOf({ epoch, issued }: Channel, { seen, clock }: HostSide) {
  return assumeNow(clock, seen?.epoch === epoch ? seen : undefined, issued);
}

/** The release seen in this epoch, if it is newer than the channel's. */
function newestSeen({ epoch, current }: Channel, seen: ChannelTrust | undefined): Version | undefined {
  return seen?.epoch === epoch && compareVersions(current, seen.newest) < 0 ? seen.newest : undefined;
}

function coveredBy({ downgrade }: Channel, seen: ChannelTrust | undefined): boolean {
  return downgrade !== undefined && seen !== undefined && compareVersions(seen.newest, downgrade.from) <= 0;
}

function describe({ epoch, sequence }: { readonly epoch: number; readonly sequence: number }): string {
  return epoch === 0 ? `channel sequence ${sequence}` : `channel epoch ${epoch}, sequence ${sequence}`;
}

function refuse(code: ReleaseErrorCode, message: string, hint: string): ReleaseError {
  return new ReleaseError(code, message, { hint });
}
