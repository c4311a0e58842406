import { createHash } from 'node:crypto';
import {
  assertTrusted,
  describeObjection,
  judgeKeysDocument,
  judgeSignature,
  KEYS_BYTES_LIMIT,
  type KeySet,
  type KeysDocument,
  type KeysPointer,
  keyringOf,
  keysFileName,
  type ListedKey,
  parseKeyListing,
  parseKeys,
  ReleaseError,
} from '@goldstream/release';
import { type Store, StoreError } from '@goldstream/store';
import { clearSignedStatus, listKeyring, pickSecretKey } from '@goldstream/system';
import { BuilderError } from '../error.ts';
import type { Tools } from '../tools.ts';
import { exportKeyring, writeKeyring } from './export-keyring.ts';
import type { OwnKeys } from './own-keys.ts';

/** A set of keys, and the keyring for gpgv. */
export interface TrustedSet {
  readonly set: KeySet;
  /** Path; binary. */
  readonly keyring: string;
  readonly listing: readonly ListedKey[];
}

/** What the builder believes: its own keys, and what follows from them in the store's chain of keys documents. */
export interface KeyTrust {
  /**
   * From the oldest that was entered to the newest; begins with number 0, the own keys, unless these entered at a later
   * document than the first.
   */
  readonly chain: readonly TrustedSet[];
  /** The last of `chain`. */
  readonly set: KeySet;
  readonly document: KeysDocument | undefined;
  /** Names that document. */
  readonly pointer: KeysPointer | undefined;
  /** Keyring of every key that ever signed and was not withdrawn: for releases that were made with retired keys. */
  readonly archive: string;
}

/** No publisher has as many; a store that has does not want to be read. */
const MOST_DOCUMENTS = 1000;

/**
 * Walks the store's keys documents as a host does whose operator installed our own public keys: they enter at the
 * first document that they signed, and from there every one must follow.
 *
 * @throws ReleaseError `RELEASE_UNTRUSTED`, `RELEASE_KEYS_BROKEN`, `RELEASE_BAD_KEYS`; BuilderError
 * `BUILDER_KEY_UNUSABLE`; SystemError `GPG_NO_KEY`; those of the store
 */
export async function gatherKeyTrust(tools: Tools, store: Store, own: OwnKeys): Promise<KeyTrust> {
  let last: TrustedSet = await ownSet(tools, own);
  let document: KeysDocument | undefined;
  const chain: TrustedSet[] = [];
  const everyKey: Uint8Array[] = [];
  let refusal: ReleaseError | undefined;
  for (let number = 1; number <= MOST_DOCUMENTS; number += 1) {
    const signed = await readKeys(store, number);
    if (signed === undefined) break;
    try {
      const next = await follow(tools, store.application, last, signed);
      ({ document } = next);
      // What the first document of all is to replace was said by the keys before it.
      if (number === 1) chain.push(last);
      last = next.trusted;
      chain.push(last);
      everyKey.push(keyringOf(document));
    } catch (error) {
      // Own keys may be newer than the first documents.
      if (!(error instanceof ReleaseError) || last.set.number > 0) throw error;
      refusal = error;
    }
  }
  if (refusal !== undefined && chain.length === 0) throw refusal;
  if (chain.length === 0) return { chain: [last], set: last.set, document, pointer: undefined, archive: last.keyring };
  const { set } = last;
  const pointer = set.sha256 === undefined ? undefined : { number: set.number, sha256: set.sha256 };
  const archive = await writeKeyring(tools, Buffer.concat(everyKey));
  return { chain, set, document, pointer, archive };
}

/** Set number 0. Keys of which nothing ever counts are left out, as an operator would not install them. */
async function ownSet(tools: Tools, { keys }: OwnKeys): Promise<TrustedSet> {
  const sound = keys.filter(({ objection }) => objection === undefined || objection === 'expired-key');
  const fingerprints = sound.map(({ fingerprint }) => fingerprint);
  if (fingerprints.length === 0) {
    // Says that there is no key at all, where that is so.
    pickSecretKey(keys, keys[0]?.fingerprint);
    const reasons = keys.map(({ fingerprint, objection }) =>
      describeObjection({ kind: objection ?? 'invalid-key', keyId: fingerprint }),
    );
    throw new BuilderError('BUILDER_KEY_UNUSABLE', `no own key can sign releases: ${reasons.join('; ')}`, {
      hint: 'Make one: goldstream-builder keys create --another',
    });
  }
  return {
    set: { number: 0, threshold: 1, keys: fingerprints, withdrawn: [] },
    ...(await listed(tools, await exportKeyring(tools, fingerprints))),
  };
}

async function readKeys(store: Store, number: number): Promise<Uint8Array | undefined> {
  try {
    return await store.readDocument(keysFileName(store.application, number), KEYS_BYTES_LIMIT);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'STORE_DOCUMENT_MISSING') return undefined;
    throw error;
  }
}

/** One step of the chain; not a byte of the document is parsed before enough keys of `previous` have signed it. */
async function follow(tools: Tools, application: string, previous: TrustedSet, signed: Uint8Array) {
  const { status, text } = await clearSignedStatus(tools.runner, previous.keyring, signed);
  const { set, listing } = previous;
  const demand = { threshold: set.threshold, allowed: set.keys, withdrawn: set.withdrawn };
  const listingThen = { keys: listing, at: 'signature' as const };
  const what = `a keys document after number ${set.number}`;
  assertTrusted(what, judgeSignature(status, { ...demand, listing: listingThen }), set.threshold);

  const document = parseKeys(text);
  const own = await listed(tools, await writeKeyring(tools, keyringOf(document)));
  const byOwn = await clearSignedStatus(tools.runner, own.keyring, signed);
  const judgement = judgeKeysDocument(
    set,
    {
      document,
      sha256: createHash('sha256').update(text).digest('hex'),
      byPrevious: { status, keys: listing },
      byOwn: { status: byOwn.status, keys: own.listing },
    },
    { application },
  );
  if (!judgement.ok) throw judgement.refusal;
  return { document, trusted: { set: judgement.keys, ...own } };
}

async function listed({ runner }: Tools, keyring: string): Promise<Pick<TrustedSet, 'keyring' | 'listing'>> {
  return { keyring, listing: parseKeyListing(await listKeyring(runner, keyring)) };
}
