import type { KeyObjection } from './judge-key.ts';

/** Why one signature does not count. */
export interface Objection {
  readonly kind:
    | KeyObjection
    | 'no-signature'
    | 'bad-signature'
    | 'wrong-key'
    | 'withdrawn-key'
    | 'not-allowed'
    | 'expired-signature'
    | 'weak-digest'
    | 'wrong-class'
    | 'unclear';
  /** As gpgv names the key; `undefined` where there is none. */
  readonly keyId: string | undefined;
}

/** The objection as part of an error's message. */
export function describeObjection({ kind, keyId = 'unknown' }: Objection): string {
  switch (kind) {
    case 'no-signature':
      return 'there is no signature';
    case 'bad-signature':
      return `the signature by key ${keyId} is bad: the document was changed`;
    case 'wrong-key':
      return `key ${keyId} is not in the keyring`;
    case 'withdrawn-key':
      return `key ${keyId} was withdrawn`;
    case 'not-allowed':
      return `key ${keyId} is not among those that may sign now`;
    case 'expired-key':
      return `key ${keyId} has expired`;
    case 'revoked-key':
      return `key ${keyId} was revoked`;
    case 'invalid-key':
      return `key ${keyId} is not valid`;
    case 'wrong-usage':
      return `key ${keyId} is not a key for signing`;
    case 'weak-key':
      return `key ${keyId} is too weak: RSA needs 2048 bits, elliptic curves 255, other kinds do not count`;
    case 'expired-signature':
      return `the signature by key ${keyId} has expired`;
    case 'weak-digest':
      return `the signature by key ${keyId} uses a weak digest`;
    case 'wrong-class':
      return `the signature by key ${keyId} is one of a key, not of a document`;
    case 'unclear':
      return `gpgv did not call the signature by key ${keyId} good`;
  }
}
