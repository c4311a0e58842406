import { ReleaseError } from './error.ts';
import { type SignatureBlock, type StatusLine, splitStatus } from './gpg-status.ts';
import { judgeKey, judgePrimary } from './judge-key.ts';
import { describeObjection, type Objection } from './objection.ts';
import type { ListedKey } from './parse-key-listing.ts';

/** Somebody whose signature counts. */
export interface Signer {
  /** Fingerprint of the primary key, 40 or 64 upper-case hexadecimal digits. */
  readonly fingerprint: string;
}

/** What the status lines prove. `signers` are those that count, distinct and sorted, also when they are too few. */
export type SignatureJudgement =
  | { readonly ok: true; readonly signers: readonly Signer[] }
  | { readonly ok: false; readonly signers: readonly Signer[]; readonly reasons: readonly Objection[] };

/** What it takes to be trusted. */
export interface JudgeOptions {
  /** How many distinct signers it takes. Default 1. */
  readonly threshold?: number;
  /** Primary fingerprints that may sign; default: every key of the keyring that gpgv was given. */
  readonly allowed?: readonly string[];
  /** Primary fingerprints that never count, whatever `allowed` says. */
  readonly withdrawn?: readonly string[];
  /** What gpg lists of that keyring: gpgv counts short and expired keys that this refuses. */
  readonly listing?: KeyringListing;
}

/** The keys of a keyring, and the time to judge them at. */
export interface KeyringListing {
  /** As `parseKeyListing` reads them. */
  readonly keys: readonly ListedKey[];
  /**
   * The effective time; or that of each signature, by which a key that has expired since still counts. That is for a
   * chain of keys documents, which must be walked in order however old its beginning is.
   */
  readonly at: Date | 'signature';
}

/** Lines that say a signature is not good, whatever else is said about it. */
const OBJECTION_OF: Readonly<Record<string, Objection['kind']>> = {
  BADSIG: 'bad-signature',
  ERRSIG: 'unclear',
  EXPKEYSIG: 'expired-key',
  EXPSIG: 'expired-signature',
  REVKEYSIG: 'revoked-key',
};

/** The `rc` of ERRSIG that means that the keyring lacks the key. */
const MISSING_KEY = '9';
/** The `rc` of ERRSIG for a digest that gpgv itself rejects, such as MD5. */
const REJECTED_DIGEST = '5';
/** The `rc` of ERRSIG for a key that may not sign (GPG_ERR_WRONG_KEY_USAGE). */
const WRONG_USAGE = '125';
/** The `rc` of ERRSIG for a signature that certifies a key (GPG_ERR_SIG_CLASS). */
const WRONG_CLASS = '32';

/** RFC 9580, 9.5: SHA-256, SHA-384, SHA-512, SHA-224, SHA3-256, SHA3-512. Not MD5 (1), SHA-1 (2), RIPEMD-160 (3). */
const STRONG_DIGESTS = new Set(['8', '9', '10', '11', '12', '14']);

/** RFC 9580, 5.2.1: signature of a binary document, of a text document. Other classes sign keys. */
const DOCUMENT_CLASSES = new Set(['00', '01']);

const FINGERPRINT = /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/;

/**
 * Judges a signature by what gpgv wrote on `--status-fd`. Its exit code says less: it is 0 for an expired key, and 2
 * when one of two good signers is unknown. A signer counts with exactly one GOODSIG and one VALIDSIG, for the same
 * key, in one signature block that raises no objection. Signatures by keys that the keyring lacks are no harm. On a
 * host whose clock is behind, gpgv needs `--ignore-time-conflict`; `listing` then judges by the effective time.
 */
export function judgeSignature(statusText: string, options: JudgeOptions = {}): SignatureJudgement {
  const { threshold = 1 } = options;
  if (!Number.isSafeInteger(threshold) || threshold < 1) throw new RangeError(`threshold ${threshold} asks for nobody`);
  const fingerprints = new Set<string>();
  const reasons: Objection[] = [];
  for (const block of splitStatus(statusText)) {
    const verdict = judgeBlock(block, options);
    if (typeof verdict === 'string') fingerprints.add(verdict);
    else reasons.push(verdict);
  }

  const signers = [...fingerprints].sort().map((fingerprint) => ({ fingerprint }));
  if (signers.length >= threshold) return { ok: true, signers };
  if (signers.length === 0 && reasons.length === 0) reasons.push({ kind: 'no-signature', keyId: undefined });
  return { ok: false, signers, reasons };
}

/**
 * The signers, or the error that says why there are too few. `what` names the signed document.
 *
 * @throws ReleaseError `RELEASE_UNTRUSTED`
 */
export function assertTrusted(what: string, judgement: SignatureJudgement, threshold = 1): readonly Signer[] {
  if (judgement.ok) return judgement.signers;
  const counted = `${judgement.signers.length} of ${threshold} needed signatures count`;
  const problem = [counted, ...judgement.reasons.map(describeObjection)].join('; ');
  throw new ReleaseError('RELEASE_UNTRUSTED', `${what} is not trusted: ${problem}`, {
    hint: 'Get the release from its publisher, or add the key it is signed with to the keyring if you trust it.',
  });
}

/** The primary fingerprint of a good signature, or what is wrong with it. */
function judgeBlock(block: SignatureBlock, options: JudgeOptions): string | Objection {
  // gpgv judges expiry by the system's clock alone; where another time counts, the listing decides below.
  const goods = options.listing?.at === 'signature' ? ['GOODSIG', 'EXPKEYSIG'] : ['GOODSIG'];
  const objection = block.find(({ keyword }) => Object.hasOwn(OBJECTION_OF, keyword) && !goods.includes(keyword));
  if (objection) return { kind: objectionKind(objection), keyId: objection.words[0] };

  const [good, ...moreGood] = block.filter(({ keyword }) => goods.includes(keyword));
  const [valid, ...moreValid] = block.filter(({ keyword }) => keyword === 'VALIDSIG');
  const keyId = good?.words[0] ?? valid?.words[0];
  if (!good || !valid || moreGood.length > 0 || moreValid.length > 0) return { kind: 'unclear', keyId };

  // VALIDSIG: fingerprint, date, timestamp, expiry, version, reserved, public key algorithm, digest, class, primary.
  const [fingerprint = '', , seconds, , , , , digest = '', signatureClass = '', primary = fingerprint] = valid.words;
  const sameKey = keyId !== undefined && keyId.length >= 16 && fingerprint.endsWith(keyId);
  if (!sameKey || !FINGERPRINT.test(primary)) return { kind: 'unclear', keyId };
  if (!DOCUMENT_CLASSES.has(signatureClass)) return { kind: 'wrong-class', keyId };
  if (!STRONG_DIGESTS.has(digest)) return { kind: 'weak-digest', keyId };
  const kind = objectionToKey({ fingerprint, primary, seconds }, options);
  return kind === undefined ? primary : { kind, keyId };
}

/** What is held against a key whose signature is mathematically right. */
function objectionToKey(
  { fingerprint, primary, seconds }: { fingerprint: string; primary: string; seconds: string | undefined },
  { allowed, withdrawn, listing }: JudgeOptions,
): Objection['kind'] | undefined {
  if (withdrawn?.includes(primary)) return 'withdrawn-key';
  if (allowed && !allowed.includes(primary)) return 'not-allowed';
  if (listing === undefined) return undefined;
  const signing = listing.keys.find((key) => key.fingerprint === fingerprint && key.primary === primary);
  const root = listing.keys.find((key) => key.fingerprint === primary);
  if (signing === undefined || root === undefined) return 'wrong-key';
  const at = listing.at === 'signature' ? new Date(Number(seconds) * 1000) : listing.at;
  return judgePrimary(root, at) ?? judgeKey(signing, at);
}

function objectionKind({ keyword, words }: StatusLine): Objection['kind'] {
  // ERRSIG: key id, public key algorithm, digest, class, time, rc, fingerprint.
  if (keyword === 'ERRSIG' && words[5] === MISSING_KEY) return 'wrong-key';
  if (keyword === 'ERRSIG' && words[5] === REJECTED_DIGEST) return 'weak-digest';
  if (keyword === 'ERRSIG' && words[5] === WRONG_USAGE) return 'wrong-usage';
  if (keyword === 'ERRSIG' && words[5] === WRONG_CLASS) return 'wrong-class';
  return OBJECTION_OF[keyword] ?? 'unclear';
}
