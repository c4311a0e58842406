import { readFile } from 'node:fs/promises';
import {
  describeObjection,
  type KeySet,
  type KeysDocument,
  type KeysPointer,
  type ListedKey,
  parseKeyListing,
  ReleaseError,
} from '@goldstream/release';
import type { Store } from '@goldstream/store';
import { listKeyring, pickSecretKey } from '@goldstream/system';
import { type BelievedKeys, findKeysDocument, followKeys } from '@goldstream/transfer';
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

/** So many documents may stand before the one that our own keys enter the chain at. */
const SKIPPED_LIMIT = 100;

/**
 * Walks the store's keys documents as a host does whose operator installed our own public keys: they enter at the
 * first document that they signed, and from there every one must follow.
 *
 * @throws ReleaseError `RELEASE_UNTRUSTED`, `RELEASE_KEYS_BROKEN`, `RELEASE_BAD_KEYS`; BuilderError
 * `BUILDER_KEY_UNUSABLE`; SystemError `GPG_NO_KEY`; those of the store
 */
export async function gatherKeyTrust(tools: Tools, store: Store, own: OwnKeys): Promise<KeyTrust> {
  let last: TrustedSet = await ownSet(tools, own);
  let believed: BelievedKeys = { set: last.set, keyring: await readFile(last.keyring) };
  let document: KeysDocument | undefined;
  const chain: TrustedSet[] = [];
  const everyKey: Uint8Array[] = [];
  let refusal: ReleaseError | undefined;
  for (let number = 1; ; number += 1) {
    const presented = await findKeysDocument(store, number);
    if (presented === undefined) break;
    try {
      const next = await followKeys(tools.runner, believed, presented, { application: store.application });
      believed = next;
      ({ document } = next);
      // What the first document of all is to replace was said by the keys before it.
      if (number === 1) chain.push(last);
      last = { set: next.set, listing: next.listing, keyring: await writeKeyring(tools, next.keyring) };
      chain.push(last);
      everyKey.push(next.keyring);
    } catch (error) {
      // Own keys may be newer than the first documents.
      if (!(error instanceof ReleaseError) || last.set.number > 0 || number > SKIPPED_LIMIT) throw error;
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
  const keyring = await exportKeyring(tools, fingerprints);
  return {
    set: { number: 0, threshold: 1, keys: fingerprints, withdrawn: [] },
    keyring,
    listing: parseKeyListing(await listKeyring(tools.runner, keyring)),
  };
}
