import type { KeysPointer } from './keys-pointer.ts';
import type { Sha256 } from './sha256.ts';
import type { Version } from './version.ts';

/** The format of channel and keys document that this program writes. It reads every 1.x. */
export const CHANNEL_FORMAT_VERSION = '1.0';

/** No clear-signed channel, signatures included, is larger; a store reads no more of one. */
export const CHANNEL_BYTES_LIMIT = 1024 * 1024;

/**
 * What an application's publisher says right now: which release is current, which others are still offered, and until
 * when this may be believed. One clear-signed file, {@link channelFileName}, that is replaced as a whole.
 */
export interface Channel {
  /** `MAJOR.MINOR`. A minor version only adds fields that may be ignored. */
  readonly formatVersion: string;
  readonly application: string;
  /** `stable`, `edge`: lower-case letters and digits. */
  readonly channel: string;
  /**
   * Channels are ordered by epoch, then by sequence. An epoch is the number of a keys document; a new one restarts the
   * sequence, which is the way back after a wrong huge one. 0 where there never was a reason.
   */
  readonly epoch: number;
  /** Grows by exactly one each time the channel is signed, beginning with 1 in each epoch. */
  readonly sequence: number;
  /** When it was made: ISO 8601, UTC, whole seconds. */
  readonly issued: string;
  /** From when on hosts take nothing new on its word. At most a year after `issued`. */
  readonly expires: string;
  readonly current: Version;
  /** How the current release spreads over hosts; without it, to all at once. */
  readonly rollout?: Rollout | undefined;
  /** Every release that is offered, the current one included; oldest first. */
  readonly releases: readonly ChannelRelease[];
  /** Releases that no update may jump over; oldest first, each one offered. */
  readonly barriers: readonly ReasonedVersion[];
  /** Releases that are no longer offered; oldest first. */
  readonly withdrawn: readonly ReasonedVersion[];
  /** The word that hosts may go back to the current release. */
  readonly downgrade?: Downgrade | undefined;
  /** The newest keys document, so that a store cannot withhold it. */
  readonly keys?: KeysPointer | undefined;
}

/** A release that is offered. */
export interface ChannelRelease {
  readonly version: Version;
  /** Of the manifest, byte for byte as published. */
  readonly manifestSha256: Sha256;
}

/** From `start` on, the share of hosts grows evenly and reaches `percentage` after `seconds`. */
export interface Rollout {
  /** ISO 8601, UTC, whole seconds. */
  readonly start: string;
  /** 0: the whole percentage at once. */
  readonly seconds: number;
  /** 0 to 100. */
  readonly percentage: number;
}

/** A version, and one line that says why it stands in its list. */
export interface ReasonedVersion {
  readonly version: Version;
  readonly reason: string;
}

/** Stays in the channel until its current release is `from` or newer, so that no host misses it. */
export interface Downgrade {
  /** The newest release that a host may come back from. */
  readonly from: Version;
  readonly reason: string;
}

/** What a channel may be called. Without dashes, so that `op-dbus-stable.channel` can be read in one way only. */
export const CHANNEL_NAME = /^[a-z][a-z0-9]{0,31}$/;

/** Tells whether a channel may be called so. */
export function isChannelName(text: string): boolean {
  return CHANNEL_NAME.test(text);
}

/** Name of the clear-signed file below the base of a store: `op-dbus-stable.channel`. */
export function channelFileName(application: string, channel: string): string {
  return `${application}-${channel}.channel`;
}
