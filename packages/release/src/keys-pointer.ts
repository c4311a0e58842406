import { ReleaseError } from './error.ts';
import type { KeySet } from './keys-document.ts';
import type { Sha256 } from './sha256.ts';

/** Names one keys document: in a channel or a manifest, the newest one at that time. */
export interface KeysPointer {
  readonly number: number;
  /** Of the document's text, without its signature. */
  readonly sha256: Sha256;
}

/**
 * Why a signed document's pointer contradicts the keys that the host has reached, after it asked the store for every
 * newer keys document: the store withholds one, or two of the same number were signed.
 */
export function findWithheldKeys(pointer: KeysPointer | undefined, keys: KeySet): ReleaseError | undefined {
  if (pointer === undefined || pointer.number < keys.number) return undefined;
  if (pointer.number > keys.number) {
    return new ReleaseError(
      'RELEASE_KEYS_MISSING',
      `keys document ${pointer.number} was published, this host is at ${keys.number} and found no newer one`,
      { hint: 'The store does not hold all keys documents: take another copy, or tell its publisher.' },
    );
  }
  if (pointer.sha256 === keys.sha256) return undefined;
  return new ReleaseError(
    'RELEASE_KEYS_BROKEN',
    `keys document ${pointer.number} has SHA-256 ${keys.sha256 ?? 'unknown'} here, and was published with ${pointer.sha256}`,
    { hint: 'Two keys documents of one number were signed: ask the publisher which one is right.' },
  );
}
