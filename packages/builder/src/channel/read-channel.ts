import { createHash } from 'node:crypto';
import { CodedError } from '@goldstream/errors';
import {
  assertTrusted,
  CHANNEL_BYTES_LIMIT,
  type Channel,
  channelFileName,
  findWithheldKeys,
  judgeSignature,
  parseChannel,
  ReleaseError,
  type Signer,
} from '@goldstream/release';
import { findDocument, type Store } from '@goldstream/store';
import { clearSignedStatus } from '@goldstream/system';
import type { KeyTrust, TrustedSet } from '../keys/key-trust.ts';
import type { Tools } from '../tools.ts';

/** What lies in a store under a channel's name. */
export type ChannelInStore =
  | { readonly kind: 'none' }
  /** Signed by keys that we believe: may be the base of an edit. */
  | {
      readonly kind: 'believed';
      readonly fileSha256: string;
      readonly channel: Channel;
      /** Primary fingerprints. */
      readonly signers: readonly string[];
    }
  /** Nothing of it was taken over. */
  | { readonly kind: 'refused'; readonly fileSha256: string; readonly refusal: CodedError };

/** Reads a channel and judges it by our own keys and the store's chain of keys documents. */
export async function readChannel(tools: Tools, store: Store, name: string, trust: KeyTrust): Promise<ChannelInStore> {
  const file = await findDocument(store, channelFileName(store.application, name), CHANNEL_BYTES_LIMIT);
  if (file === undefined) return { kind: 'none' };
  const fileSha256 = createHash('sha256').update(file).digest('hex');
  try {
    return {
      kind: 'believed',
      fileSha256,
      ...(await judge(tools, file, { application: store.application, name, trust })),
    };
  } catch (refusal) {
    if (refusal instanceof CodedError) return { kind: 'refused', fileSha256, refusal };
    throw refusal;
  }
}

interface Wanted {
  readonly application: string;
  readonly name: string;
  readonly trust: KeyTrust;
}

async function judge(tools: Tools, file: Uint8Array, { application, name, trust }: Wanted) {
  const { text, signers, by } = await verify(tools, file, name, trust);
  const channel = parseChannel(text);
  if (channel.application !== application || channel.channel !== name) {
    throw new ReleaseError(
      'RELEASE_CHANNEL_MISMATCH',
      `this is channel ${channel.channel} of ${channel.application}, expected ${name} of ${application}`,
      { hint: 'Find out who copied it there.' },
    );
  }
  const withheld = findWithheldKeys(channel.keys, trust.set);
  if (withheld) throw withheld;
  if (by.set !== trust.set && (channel.keys?.number ?? 0) > by.set.number) {
    throw new ReleaseError('RELEASE_UNTRUSTED', `it names keys document ${channel.keys?.number}, older keys signed it`);
  }
  return { channel, signers: signers.map(({ fingerprint }) => fingerprint) };
}

/**
 * Signed by the newest keys, or by those just before them as long as it was not signed again since: what an interrupted
 * rotation leaves. Never by a withdrawn key. An expired key counts for the time when it was good.
 */
async function verify(tools: Tools, file: Uint8Array, name: string, { chain, set }: KeyTrust) {
  const [newest, before] = [chain.at(-1), chain.at(-2)];
  if (newest === undefined) throw new Error('a chain of keys is never empty');
  const said = await ask(tools, file, newest, set.withdrawn);
  if (said.judgement.ok || before === undefined) return { ...said, signers: demand(name, said, newest), by: newest };
  const earlier = await ask(tools, file, before, set.withdrawn);
  if (earlier.judgement.ok) return { ...earlier, signers: earlier.judgement.signers, by: before };
  return { ...said, signers: demand(name, said, newest), by: newest };
}

type Said = Awaited<ReturnType<typeof ask>>;

async function ask(
  { runner }: Tools,
  file: Uint8Array,
  { set, keyring, listing }: TrustedSet,
  withdrawn: readonly string[],
) {
  const { status, text } = await clearSignedStatus(runner, keyring, file);
  const { threshold, keys: allowed } = set;
  const keysThen = { keys: listing, at: 'signature' as const };
  return { text, judgement: judgeSignature(status, { threshold, allowed, withdrawn, listing: keysThen }) };
}

function demand(name: string, { judgement }: Said, { set }: TrustedSet): readonly Signer[] {
  return assertTrusted(`channel ${name}`, judgement, set.threshold);
}
