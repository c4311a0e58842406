import { createHash } from 'node:crypto';
import {
  assertTrusted,
  judgeKeysDocument,
  judgeSignature,
  KEYS_BYTES_LIMIT,
  type KeySet,
  type KeysDemand,
  type KeysDocument,
  keyringOf,
  keysFileName,
  type ListedKey,
  parseKeys,
  ReleaseError,
  type TrustEvent,
} from '@goldstream/release';
import { findDocument, type Store } from '@goldstream/store';
import type { Runner } from '@goldstream/system';
import { type ClearSignedProof, proveClearSigned } from './prove-clear-signed.ts';

/** Keys that are believed: whose they are, and as gpgv takes them. */
export interface BelievedKeys {
  readonly set: KeySet;
  /** Binary. */
  readonly keyring: Uint8Array;
}

/** A keys document as it lies in a store, of which nothing is believed yet. */
export interface PresentedKeysFile {
  /** The number in its name. */
  readonly number: number;
  readonly signed: Uint8Array;
}

/** The keys that a document leads to. */
export interface FollowedKeys extends BelievedKeys {
  readonly document: KeysDocument;
  /** Of `keyring`, as gpg lists it. */
  readonly listing: readonly ListedKey[];
  /** What an audit trail should say. */
  readonly events: readonly TrustEvent[];
}

/** Reads keys document `number` of a store; undefined when there is none. @throws StoreError those of the store */
export async function findKeysDocument(store: Store, number: number): Promise<PresentedKeysFile | undefined> {
  const signed = await findDocument(store, keysFileName(store.application, number), KEYS_BYTES_LIMIT);
  return signed && { number, signed };
}

/**
 * One step of the chain of keys documents (docs/adr/0012), for whoever walks it: not a byte of the document is parsed
 * before enough of the keys before have signed it, and it must be the one that its name says.
 *
 * @throws ReleaseError `RELEASE_UNTRUSTED`, `RELEASE_KEYS_BROKEN`, `RELEASE_BAD_KEYS`; SystemError
 * `GPG_NOT_CLEAR_SIGNED`, `GPG_BAD_KEYRING`
 */
export async function followKeys(
  runner: Runner,
  previous: BelievedKeys,
  { number, signed }: PresentedKeysFile,
  demand: KeysDemand,
): Promise<FollowedKeys> {
  const { text, ...byPrevious } = await proveClearSigned(runner, previous.keyring, signed);
  demandSigned(previous.set, number, byPrevious, demand);
  const document = parseKeys(text);
  if (document.number !== number) {
    throw new ReleaseError(
      'RELEASE_KEYS_BROKEN',
      `${keysFileName(demand.application, number)} is number ${document.number}`,
      { hint: 'The store mixes keys documents up: tell its publisher.' },
    );
  }
  const keyring = keyringOf(document);
  const byOwn = await proveClearSigned(runner, keyring, signed);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const judgement = judgeKeysDocument(previous.set, { document, sha256, byPrevious, byOwn }, demand);
  if (!judgement.ok) throw judgement.refusal;
  return { set: judgement.keys, keyring, document, listing: byOwn.keys, events: judgement.events };
}

/** As it was when they signed: a host that was off for long must be able to catch up. */
function demandSigned(
  previous: KeySet,
  number: number,
  { status, keys }: Omit<ClearSignedProof, 'text'>,
  { threshold: floor = 1 }: KeysDemand,
): void {
  const threshold = Math.max(previous.threshold, floor);
  const who = { allowed: previous.keys, withdrawn: previous.withdrawn, listing: { keys, at: 'signature' as const } };
  assertTrusted(`keys document ${number}`, judgeSignature(status, { threshold, ...who }), threshold);
}
