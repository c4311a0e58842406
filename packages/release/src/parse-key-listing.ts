/** A primary key or subkey, as gpg lists it. */
export interface ListedKey {
  /** Its own; upper-case hexadecimal. */
  readonly fingerprint: string;
  /** Of the primary key it belongs to; equal to `fingerprint` for that one. */
  readonly primary: string;
  /** Public-key algorithm (RFC 9580, 9.1): 1 RSA, 17 DSA, 19 ECDSA, 22 EdDSA. */
  readonly algorithm: number;
  readonly bits: number;
  /** What this very key may do: `s` sign, `c` certify, `e` encrypt, `a` authenticate. */
  readonly usage: string;
  /** Unix time, for a subkey not after its primary key's; `undefined`: never. `NaN` of what is no number. */
  readonly expires: number | undefined;
  /** As gpg found it. Whether it has expired depends on the time that one asks about. */
  readonly standing: 'usable' | 'revoked' | 'invalid';
}

/** Fields of a line, counted from 0 (GnuPG, doc/DETAILS, "Format of the colon listings"). */
const FIELD = { kind: 0, validity: 1, bits: 2, algorithm: 3, expires: 6, fingerprint: 9, usage: 11 } as const;

/** Letters of the validity field that make a key useless; others say how far its owner is known, which is not asked. */
const STANDING_OF: Readonly<Record<string, ListedKey['standing']>> = {
  r: 'revoked',
  i: 'invalid',
  d: 'invalid',
};

/**
 * Reads what `gpg --ignore-time-conflict --with-colons --show-keys KEYRING` prints: each `pub` and `sub` line with the
 * `fpr` line after it. Without that option, gpg calls a key that is younger than its clock invalid and hides its expiry.
 * Never throws; what is not such a pair is left out, and so is no key that counts.
 */
export function parseKeyListing(text: string): readonly ListedKey[] {
  const lines = text.split('\n').map((line) => line.split(':'));
  const keys: ListedKey[] = [];
  let primary: ListedKey | undefined;
  for (const [index, fields] of lines.entries()) {
    const kind = fields[FIELD.kind];
    if (kind !== 'pub' && kind !== 'sub') continue;
    const fingerprint = fingerprintOf(lines[index + 1]);
    if (kind === 'pub') primary = undefined;
    if (fingerprint === undefined || (kind === 'sub' && primary === undefined)) continue;
    const key = { fingerprint, primary: primary?.fingerprint ?? fingerprint, ...readKey(fields) };
    primary ??= key;
    keys.push({ ...key, expires: earlier(key.expires, primary.expires) });
  }
  return keys;
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function fingerprintOf(fields: readonly string[] | undefined): string | undefined {
  return fields?.[FIELD.kind] === 'fpr' ? fields[FIELD.fingerprint] : undefined;
}

function readKey(fields: readonly string[]): Omit<ListedKey, 'fingerprint' | 'primary'> {
  const field = (name: keyof typeof FIELD) => fields[FIELD[name]] ?? '';
  // Capital letters tell what the key with all its subkeys may do; `D` among them: disabled.
  const usage = field('usage').replace(/[^a-z]/g, '');
  return {
    algorithm: Number(field('algorithm')),
    bits: Number(field('bits')),
    usage,
    expires: field('expires') === '' ? undefined : Number(field('expires')),
    standing: field('usage').includes('D') ? 'invalid' : (STANDING_OF[field('validity')] ?? 'usable'),
  };
}
