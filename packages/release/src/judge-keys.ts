import type { TrustEvent } from './channel-trust.ts';
import { ReleaseError } from './error.ts';
import { judgeKeyring } from './judge-key.ts';
import { assertTrusted, judgeSignature } from './judge-signature.ts';
import type { KeySet, KeysDocument } from './keys-document.ts';
import { describeObjection } from './objection.ts';
import type { ListedKey } from './parse-key-listing.ts';
import type { Sha256 } from './sha256.ts';

/** A keys document, and what gpgv and gpg said of it. */
export interface PresentedKeys {
  readonly document: KeysDocument;
  /** Of the bytes that gpgv emitted. */
  readonly sha256: Sha256;
  /** Its verification with the keyring of the previous set. */
  readonly byPrevious: SignatureProof;
  /** Its verification with its own keys, `keyringOf(document)`. */
  readonly byOwn: SignatureProof;
}

/** What was said about one file by one keyring. */
export interface SignatureProof {
  /** Of gpgv, from `--status-fd`. */
  readonly status: string;
  /** Of the keyring, as `parseKeyListing` reads it. */
  readonly keys: readonly ListedKey[];
}

/** What the host demands. */
export interface KeysDemand {
  readonly application: string;
  /** Signers that the host's operator asks for, whatever a document says. Default 1. */
  readonly threshold?: number;
}

/** Accepted, with the set to store durably before the next document is asked for; or refused. */
export type KeysJudgement =
  | { readonly ok: true; readonly keys: KeySet; readonly events: readonly TrustEvent[] }
  | { readonly ok: false; readonly refusal: ReleaseError };

/**
 * Judges the step from one set of keys to the next (TUF specification, 5.3, "Update the root role"): the number is one
 * higher; enough keys of the previous set signed it, not counting those that it withdraws, so that a stolen key cannot
 * decide about itself; enough of its own keys signed it, so that nobody is locked out by a key that no one holds. A
 * key that was ever withdrawn, by a document or by the host's operator, counts nothing. Keys that have expired since
 * they signed do count here, or a host that was off for long could not catch up: what the last set signs is judged by
 * today. An operator's keyring, number 0, enters the chain at whichever document its keys signed.
 */
export function judgeKeysDocument(previous: KeySet, next: PresentedKeys, demand: KeysDemand): KeysJudgement {
  try {
    checkChain(previous, next.document, demand.application);
    checkKeys(next);
    checkSigners(previous, next, demand.threshold ?? 1);
  } catch (refusal) {
    if (refusal instanceof ReleaseError) return { ok: false, refusal };
    throw refusal;
  }
  const { document, sha256 } = next;
  const withdrawn = [...new Set([...previous.withdrawn, ...withdrawnBy(document)])].sort();
  const keys = document.keys.map(({ fingerprint }) => fingerprint).filter((key) => !withdrawn.includes(key));
  const { number, threshold } = document;
  return { ok: true, keys: { number, threshold, keys, withdrawn, sha256 }, events: describeChange(previous, document) };
}

function checkChain(previous: KeySet, document: KeysDocument, application: string): void {
  const { number } = document;
  if (document.application !== application) {
    throw broken(document, `it is about ${document.application}, expected ${application}`);
  }
  if (previous.number !== 0 && number !== previous.number + 1) {
    throw broken(document, `expected number ${previous.number + 1}`);
  }
}

/** Each announced key is what its fingerprint says, and may sign. */
function checkKeys({ document, byOwn }: PresentedKeys): void {
  const entries = judgeKeyring(byOwn.keys, new Date(document.issued));
  for (const { fingerprint } of document.keys) {
    const entry = entries.find((candidate) => candidate.fingerprint === fingerprint);
    if (entry === undefined) throw broken(document, `none of its public keys is ${fingerprint}`);
    if (entry.objection) throw broken(document, describeObjection({ kind: entry.objection, keyId: fingerprint }));
  }
}

function checkSigners(previous: KeySet, { document, byPrevious, byOwn }: PresentedKeys, floor: number): void {
  const what = `keys document ${document.number}`;
  const old = {
    threshold: Math.max(previous.threshold, floor),
    allowed: previous.keys,
    withdrawn: [...previous.withdrawn, ...withdrawnBy(document)],
  };
  demandSigners(`${what}, by the keys before it,`, byPrevious, old);
  const own = {
    threshold: Math.max(document.threshold, floor),
    allowed: document.keys.map(({ fingerprint }) => fingerprint),
    withdrawn: previous.withdrawn,
  };
  demandSigners(`${what}, by its own keys,`, byOwn, own);
}

function demandSigners(
  what: string,
  { status, keys }: SignatureProof,
  { threshold, ...who }: { threshold: number; allowed: readonly string[]; withdrawn: readonly string[] },
): void {
  const listing = { keys, at: 'signature' as const };
  assertTrusted(what, judgeSignature(status, { threshold, ...who, listing }), threshold);
}

function describeChange(previous: KeySet, document: KeysDocument): readonly TrustEvent[] {
  const before = new Set(previous.keys);
  const gone = new Set(withdrawnBy(document));
  const now = new Set(document.keys.map(({ fingerprint }) => fingerprint));
  return [
    { kind: 'keys-changed', number: document.number, reason: document.reason },
    ...[...now].filter((key) => !before.has(key)).map((fingerprint) => ({ kind: 'key-added' as const, fingerprint })),
    ...[...before]
      .filter((key) => !now.has(key) && !gone.has(key))
      .map((fingerprint) => ({ kind: 'key-retired' as const, fingerprint })),
    ...document.withdrawn
      .filter(({ fingerprint }) => !previous.withdrawn.includes(fingerprint))
      .map(({ fingerprint, reason }) => ({ kind: 'key-withdrawn' as const, fingerprint, reason })),
  ];
}

function withdrawnBy(document: KeysDocument): readonly string[] {
  return document.withdrawn.map(({ fingerprint }) => fingerprint);
}

function broken({ number }: KeysDocument, problem: string): ReleaseError {
  return new ReleaseError('RELEASE_KEYS_BROKEN', `keys document ${number} does not follow: ${problem}`, {
    hint: 'Take another copy of the store, or ask the publisher.',
  });
}
