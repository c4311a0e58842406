import { createHash } from 'node:crypto';
import { CodedError } from '@goldstream/errors';
import {
  assertTrusted,
  assumeNow,
  CHANNEL_BYTES_LIMIT,
  type Channel,
  type ChannelJudgement,
  channelFileName,
  judgeChannel,
  judgeSignature,
  type KeySet,
  type ListedKey,
  parseChannel,
  ReleaseError,
  type Signer,
} from '@goldstream/release';
import { type Store, StoreError } from '@goldstream/store';
import { proveClearSigned } from '@goldstream/transfer';
import type { Tools } from '../host/tools.ts';
import type { HeldKeys } from './held-keys.ts';
import { readKeptChannel, storeChannel } from './kept-channel.ts';

/** A channel that this host believes now. */
export interface AcceptedChannel {
  readonly channel: Channel;
  readonly signers: readonly Signer[];
  /** The effective time. */
  readonly now: Date;
}

/**
 * Reads a channel and judges it by the keys, and by what this host has seen of it. Under the lock what it accepts is
 * stored before it is given back. A refusal stores nothing.
 * @throws ReleaseError `RELEASE_UNTRUSTED`, `RELEASE_BAD_CHANNEL` and those of `judgeChannel`; SystemError
 * `GPG_NOT_CLEAR_SIGNED`; StoreError `STORE_DOCUMENT_MISSING` and those of the store
 */
export async function askChannel(tools: Tools, store: Store, name: string, keys: HeldKeys): Promise<AcceptedChannel> {
  for (let attempt = 1; ; attempt += 1) {
    const signed = await readChannel(store, name);
    try {
      return await judge(tools, name, signed, keys);
    } catch (error) {
      // An old copy out of a cache cannot be told from an attack with one, but by asking again.
      if (isOlder(error) && (await store.awaitFresher?.(attempt)) === true) continue;
      if (error instanceof CodedError && (error.category === 'trust' || error.category === 'input')) {
        const { code, message: reason } = error;
        await tools.trust.tell({ kind: 'channel-refused', channel: name, code, reason });
      }
      throw error;
    }
  }
}

function isOlder(error: unknown): boolean {
  return error instanceof ReleaseError && error.code === 'RELEASE_CHANNEL_ROLLBACK';
}

async function readChannel(store: Store, name: string): Promise<Uint8Array> {
  try {
    return await store.readDocument(channelFileName(store.application, name), CHANNEL_BYTES_LIMIT);
  } catch (cause) {
    if (!(cause instanceof StoreError) || cause.code !== 'STORE_DOCUMENT_MISSING') throw cause;
    throw new StoreError('STORE_DOCUMENT_MISSING', cause.message, {
      cause,
      hint: `Publish it with \`goldstream-builder channel set ${name} VERSION\`, or take \`channel:\` out of the configuration.`,
    });
  }
}

async function judge(
  tools: Tools,
  name: string,
  signed: Uint8Array,
  { set, keyring }: HeldKeys,
): Promise<AcceptedChannel> {
  const { layout, config } = tools;
  const clock = tools.now();
  const proof = await proveClearSigned(tools.runner, keyring, signed);
  const threshold = Math.max(set.threshold, config.threshold);
  const demandSigners = (at: Date) => countSigners(`channel ${name}`, proof, { set, threshold, at });
  const gate = assumeNow(clock, undefined).now;
  demandSigners(gate);
  const channel = parseChannel(proof.text);
  const sha256 = createHash('sha256').update(proof.text).digest('hex');
  const kept = await readKeptChannel(layout, name);
  const host = { application: layout.application, channel: name, seen: kept?.trust, keys: set, clock };
  const judgement = judgeChannel({ channel, sha256 }, host);
  if (!judgement.ok) throw judgement.refusal;
  // The effective time may be later than the clock, and a key may have expired in between.
  const signers = demandSigners(judgement.now);
  const isNews = kept?.trust.sha256 !== sha256;
  await learn(tools, { name, judgement, signers, text: proof.text, clock, isNews });
  return { channel, signers, now: judgement.now };
}

function countSigners(
  what: string,
  { status, keys }: { readonly status: string; readonly keys: readonly ListedKey[] },
  { set, threshold, at }: { readonly set: KeySet; readonly threshold: number; readonly at: Date },
): readonly Signer[] {
  const who = { threshold, allowed: set.keys, withdrawn: set.withdrawn, listing: { keys, at } };
  return assertTrusted(what, judgeSignature(status, who), threshold);
}

interface Learnt {
  readonly name: string;
  readonly judgement: Extract<ChannelJudgement, { readonly ok: true }>;
  readonly signers: readonly Signer[];
  readonly text: Uint8Array;
  readonly clock: Date;
  /** Whether it is another one than at the last time. */
  readonly isNews: boolean;
}

/** Told before it is kept: what is kept is no news the next time. */
async function learn({ trust, layout }: Tools, learnt: Learnt): Promise<void> {
  if (!trust.learns) return;
  const { name, judgement, signers, text, clock, isNews } = learnt;
  const { state, events } = judgement;
  const { epoch, sequence, sha256 } = state;
  if (isNews) await trust.tell({ kind: 'channel-accepted', channel: name, epoch, sequence, sha256 });
  for (const event of events) await trust.tell({ kind: 'trust', channel: name, event });
  await storeChannel(layout, { trust: state, text, signers, acceptedAt: clock.toISOString() });
}
