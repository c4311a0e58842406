import { assumeNow, type Version } from '@goldstream/release';
import type { Tools } from '../host/tools.ts';
import { newestKeysNumber } from './held-keys.ts';
import { type KeptChannel, readKeptChannel } from './kept-channel.ts';

/** Whom a host believes, as `status` tells it. Nobody is asked for it. */
export interface TrustStatus {
  /** Number of the keys document that was reached; 0: the operator's keyring counts. */
  readonly keys: number;
  /** `null`: the configuration names no channel. */
  readonly channel: { readonly name: string; readonly accepted: AcceptedStatus | null } | null;
}

/** The channel that was accepted last. */
export interface AcceptedStatus {
  readonly epoch: number;
  readonly sequence: number;
  readonly current: Version;
  /** ISO 8601, UTC. */
  readonly expires: string;
  /** By the effective time; below 0 when it has expired. */
  readonly secondsLeft: number;
  /** When it was looked at last and believed. ISO 8601, UTC. */
  readonly checkedAt: string;
}

/** Reads what is stored. @throws ReceiverError `HOST_BAD_RECORD` */
export async function gatherTrust({ layout, config, now }: Tools): Promise<TrustStatus> {
  const keys = await newestKeysNumber(layout);
  if (config.channel === undefined) return { keys, channel: null };
  const kept = await readKeptChannel(layout, config.channel);
  return { keys, channel: { name: config.channel, accepted: kept ? tellAccepted(kept, now()) : null } };
}

/** What somebody should look at. */
export function* aboutTrust({ channel }: TrustStatus): Generator<string> {
  if (channel === null) return;
  const { name, accepted } = channel;
  if (accepted === null) {
    yield `channel ${name} was never accepted here: goldstream-receiver upgrade looks at it`;
  } else if (accepted.secondsLeft <= 0) {
    yield `channel ${name} expired at ${accepted.expires}: nothing new is taken until there is a newer one`;
  }
}

function tellAccepted({ channel, trust, acceptedAt }: KeptChannel, clock: Date): AcceptedStatus {
  const { epoch, sequence, current, expires } = channel;
  const { now } = assumeNow(clock, trust);
  const secondsLeft = Math.floor((Date.parse(expires) - now.getTime()) / 1000);
  return { epoch, sequence, current, expires, secondsLeft, checkedAt: acceptedAt };
}
