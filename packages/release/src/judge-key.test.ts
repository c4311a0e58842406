import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeKey, judgeKeyring } from './judge-key.ts';
import { type ListedKey, parseKeyListing } from './parse-key-listing.ts';

const RECORDINGS = new URL('../../../fixtures/release/gpgv/', import.meta.url);
const listed = (name: string) => parseKeyListing(readFileSync(new URL(`${name}.keys`, RECORDINGS), 'utf8'));
const NOW = new Date('2026-12-01T00:00:00Z');

describe('parseKeyListing', () => {
  it('reads a primary key and its subkey', () => {
    const [primary, subkey, ...more] = listed('expired-subkey');
    expect(more).toEqual([]);
    expect(primary).toMatchObject({ algorithm: 22, bits: 255, usage: 'sc', expires: undefined, standing: 'usable' });
    expect(primary?.primary).toBe(primary?.fingerprint);
    expect(subkey).toMatchObject({ primary: primary?.fingerprint, usage: 's', expires: 1_577_923_260 });
  });

  it('lets no subkey outlive its primary key', () => {
    const fingerprint = (digit: string) => `fpr:::::::::${digit.repeat(40)}:`;
    const listing = (expires: string) =>
      [
        'pub:-:255:22:A:1:500::-:::scSC:::::ed25519:::0:',
        fingerprint('A'),
        `sub:-:255:22:B:1:${expires}:::::s::`,
        fingerprint('B'),
      ].join('\n');
    expect(parseKeyListing(listing('')).map(({ expires }) => expires)).toEqual([500, 500]);
    expect(parseKeyListing(listing('900')).map(({ expires }) => expires)).toEqual([500, 500]);
    expect(parseKeyListing(listing('400')).map(({ expires }) => expires)).toEqual([500, 400]);
  });

  it('takes no subkey for another primary key than the one above it', () => {
    const text = `pub:-:255:22:A:1:::-:::scSC:::::ed25519:::0:\nsub:-:255:22:B:1::::::s::\nfpr:::::::::${'B'.repeat(40)}:\n`;
    expect(parseKeyListing(text)).toEqual([]);
  });

  it('never throws, and never finds a usable key in noise', () => {
    const words = fc.constantFrom('pub', 'sub', 'fpr', ':', ':::::', '\n', '22', '255', 's', 'r');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), (all) => {
        for (const key of parseKeyListing(all.join(''))) expect(typeof key.fingerprint).toBe('string');
      }),
    );
  });
});

describe('judgeKey', () => {
  const good: ListedKey = {
    fingerprint: 'A'.repeat(40),
    primary: 'A'.repeat(40),
    algorithm: 22,
    bits: 255,
    usage: 'sc',
    expires: undefined,
    standing: 'usable',
  };

  it.each<[string, Partial<ListedKey>]>([
    ['Ed25519', {}],
    ['RSA of 2048 bits', { algorithm: 1, bits: 2048 }],
    ['ECDSA on P-256', { algorithm: 19, bits: 256 }],
    ['one that expires in a second', { expires: NOW.getTime() / 1000 + 1 }],
  ])('takes %s', (_, change) => {
    expect(judgeKey({ ...good, ...change }, NOW)).toBeUndefined();
  });

  it.each<[string, Partial<ListedKey>, string]>([
    ['RSA of 2047 bits', { algorithm: 1, bits: 2047 }, 'weak-key'],
    ['RSA of 1024 bits', { algorithm: 1, bits: 1024 }, 'weak-key'],
    ['DSA of any length', { algorithm: 17, bits: 3072 }, 'weak-key'],
    ['a short curve', { algorithm: 19, bits: 192 }, 'weak-key'],
    ['an algorithm nobody knows', { algorithm: 99, bits: 9999 }, 'weak-key'],
    ['a length that is no number', { bits: Number.NaN }, 'weak-key'],
    ['a key for encryption', { usage: 'e' }, 'wrong-usage'],
    ['a key that only certifies', { usage: 'c' }, 'wrong-usage'],
    ['one that expires now', { expires: NOW.getTime() / 1000 }, 'expired-key'],
    ['an expiry that is no number', { expires: Number.NaN }, 'expired-key'],
    ['a revoked key', { standing: 'revoked' }, 'revoked-key'],
    ['a disabled key', { standing: 'invalid' }, 'invalid-key'],
  ])('refuses %s', (_, change, objection) => {
    expect(judgeKey({ ...good, ...change }, NOW)).toBe(objection);
  });
});

describe('judgeKeyring', () => {
  it.each([
    ['good', [undefined]],
    ['two-signers', [undefined, undefined]],
    ['signing-subkey', [undefined]],
    // Its subkey has expired; the primary key may sign.
    ['expired-subkey', [undefined]],
    ['expired-key', ['expired-key']],
    ['revoked-key', ['revoked-key']],
    ['short-rsa', ['weak-key']],
    ['dsa', ['weak-key']],
    ['wrong-usage', ['wrong-usage']],
  ])('says of each primary key whether it may sign: %s', (name, expected) => {
    expect(judgeKeyring(listed(name), NOW).map(({ objection }) => objection)).toEqual(expected);
  });
});
