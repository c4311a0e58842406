import type { ListedKey } from './parse-key-listing.ts';

/** Why a key does not count, whatever it signs. */
export type KeyObjection = 'revoked-key' | 'expired-key' | 'invalid-key' | 'wrong-usage' | 'weak-key';

/** A primary key of a keyring, and whether any of its keys may sign. */
export interface KeyringEntry {
  /** Of the primary key. */
  readonly fingerprint: string;
  /** `undefined`: it may sign. */
  readonly objection: KeyObjection | undefined;
}

/**
 * Fewest bits of each algorithm that may sign (RFC 9580, 9.1); an algorithm that is not here may not. RSA below 2048
 * bits is disallowed by NIST SP 800-131A since 2013, DSA for new signatures by FIPS 186-5. gpg says 255 of Ed25519.
 */
const FEWEST_BITS: ReadonlyMap<number, number> = new Map([
  [1, 2048],
  [3, 2048],
  [19, 255],
  [22, 255],
  [27, 255],
  [28, 255],
]);

/** What is wrong with a key as a key that signs releases; `undefined`: nothing. `at`: the time to judge it at. */
export function judgeKey(key: ListedKey, at: Date): KeyObjection | undefined {
  if (key.standing === 'revoked') return 'revoked-key';
  if (key.standing === 'invalid') return 'invalid-key';
  if (isPast(key.expires, at)) return 'expired-key';
  if (!key.usage.includes('s')) return 'wrong-usage';
  const fewest = FEWEST_BITS.get(key.algorithm);
  // Also false for NaN.
  return fewest !== undefined && key.bits >= fewest ? undefined : 'weak-key';
}

/**
 * Judges a keyring when it is installed: every primary key with the best of its signing keys. A key of which nothing
 * may sign would only be found out at the next release.
 */
export function judgeKeyring(listing: readonly ListedKey[], at: Date): readonly KeyringEntry[] {
  const primaries = listing.filter(({ fingerprint, primary }) => fingerprint === primary);
  return primaries.map((primary) => {
    const ruined = judgePrimary(primary, at);
    const verdicts = listing.filter((key) => key.primary === primary.fingerprint).map((key) => judgeKey(key, at));
    const objection = verdicts.includes(undefined) ? undefined : (worthTelling(verdicts) ?? 'wrong-usage');
    return { fingerprint: primary.fingerprint, objection: ruined ?? objection };
  });
}

/** A primary key that is gone takes its subkeys with it, also one that only certifies. */
export function judgePrimary(key: ListedKey, at: Date): KeyObjection | undefined {
  const objection = judgeKey(key, at);
  return objection === 'wrong-usage' || objection === 'weak-key' ? undefined : objection;
}

/** That an encryption subkey cannot sign is no news beside a signing key that is weak. */
function worthTelling(verdicts: readonly (KeyObjection | undefined)[]): KeyObjection | undefined {
  return verdicts.find((verdict) => verdict !== 'wrong-usage');
}

function isPast(expires: number | undefined, at: Date): boolean {
  // Not a number: fails closed.
  return expires !== undefined && !(expires * 1000 > at.getTime());
}
