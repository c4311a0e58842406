import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assertTrusted, type JudgeOptions, judgeSignature } from './judge-signature.ts';
import type { Objection } from './objection.ts';
import { parseKeyListing } from './parse-key-listing.ts';

const RECORDINGS = new URL('../../../fixtures/release/gpgv/', import.meta.url);
const recording = (name: string) => readFileSync(new URL(`${name}.status`, RECORDINGS), 'utf8');
const listed = (name: string) => parseKeyListing(readFileSync(new URL(`${name}.keys`, RECORDINGS), 'utf8'));

/** For each recording: how many signers count, and the objections. */
const EXPECTED: Record<string, [signers: number, ...objections: Objection['kind'][]]> = {
  'armoured-keyring': [0, 'wrong-key'],
  certification: [0, 'wrong-class'],
  'changed-message': [0, 'bad-signature'],
  'clear-signed': [1],
  // gpgv believes no key that is younger than its clock, unless it is told to leave times to others.
  'clock-behind': [0, 'unclear'],
  'clock-behind-ignored': [1],
  'digest-md5': [0, 'weak-digest'],
  'digest-ripemd160': [0, 'weak-digest'],
  'digest-sha1': [0, 'weak-digest'],
  'digest-sha512': [1],
  // gpgv thinks well of DSA and of 1024 bits; the listing does not, see below.
  dsa: [1],
  'empty-signature': [0, 'no-signature'],
  'expired-key': [0, 'expired-key'],
  'expired-signature': [0, 'expired-signature'],
  'expired-subkey': [0, 'expired-key'],
  good: [1],
  'no-signature': [0, 'no-signature'],
  'revoked-key': [0, 'revoked-key'],
  'same-signer-twice': [1],
  'short-rsa': [1],
  'signing-subkey': [1],
  'two-signers': [2],
  'two-signers-one-known': [1, 'wrong-key'],
  'unknown-key': [0, 'wrong-key'],
  'wrong-usage': [0, 'wrong-usage'],
};

/** A threshold that no recording reaches, so that every objection is told. */
const OUT_OF_REACH = 9;

describe('judgeSignature', () => {
  it('has an expectation for every recording', () => {
    const names = readdirSync(RECORDINGS).filter((name) => name.endsWith('.status'));
    expect(names.map((name) => name.replace('.status', '')).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(Object.entries(EXPECTED))('counts what gpgv said: %s', (name, [signers, ...objections]) => {
    expect(judgeSignature(recording(name)).ok).toBe(signers >= 1);
    expect(judgeSignature(recording(name), { threshold: 2 }).ok).toBe(signers >= 2);

    const judgement = judgeSignature(recording(name), { threshold: OUT_OF_REACH });
    expect(judgement.signers).toHaveLength(signers);
    expect(judgement.ok ? [] : judgement.reasons.map(({ kind }) => kind)).toEqual(objections);
  });

  it('names the primary key of a signing subkey', () => {
    const [, primary] = /VALIDSIG .* ([0-9A-F]{40})\n/.exec(recording('signing-subkey')) ?? [];
    expect(judgeSignature(recording('signing-subkey')).signers).toEqual([{ fingerprint: primary }]);
  });

  it('trusts nothing where gpgv said nothing', () => {
    expect(judgeSignature('')).toEqual({
      ok: false,
      signers: [],
      reasons: [{ kind: 'no-signature', keyId: undefined }],
    });
  });

  const goodLines = recording('good').split('\n');
  const lineOf = (keyword: string) => goodLines.find((line) => line.includes(` ${keyword} `)) ?? '';

  it.each<[string, string[]]>([
    ['GOODSIG without VALIDSIG', ['[GNUPG:] NEWSIG', lineOf('GOODSIG')]],
    ['VALIDSIG without GOODSIG', ['[GNUPG:] NEWSIG', lineOf('VALIDSIG')]],
    ['both in different blocks', ['[GNUPG:] NEWSIG', lineOf('GOODSIG'), '[GNUPG:] NEWSIG', lineOf('VALIDSIG')]],
    ['both before any block', [lineOf('GOODSIG'), lineOf('VALIDSIG')]],
    ['lines without the prefix', goodLines.map((line) => line.replace('[GNUPG:] ', ''))],
    ['a second GOODSIG in the block', [...goodLines, lineOf('GOODSIG')]],
    ['an expired key in the block', [...goodLines, lineOf('GOODSIG').replace('GOODSIG', 'EXPKEYSIG')]],
    ['a bad signature in the block', [...goodLines, lineOf('GOODSIG').replace('GOODSIG', 'BADSIG')]],
    ['GOODSIG by another key', ['[GNUPG:] NEWSIG', '[GNUPG:] GOODSIG 0000000000000000 x', lineOf('VALIDSIG')]],
    ['GOODSIG without a key', ['[GNUPG:] NEWSIG', '[GNUPG:] GOODSIG  x', lineOf('VALIDSIG')]],
    ['a signature of a key', goodLines.map((line) => line.replace(' 22 8 00 ', ' 22 8 10 '))],
    ['a digest nobody knows', goodLines.map((line) => line.replace(' 22 8 00 ', ' 22 99 00 '))],
    ['a VALIDSIG cut short', goodLines.map((line) => line.replace(/(VALIDSIG \w+).*/, '$1'))],
  ])('does not count %s', (_, lines) => {
    expect(judgeSignature(lines.join('\n'))).toMatchObject({ ok: false, signers: [] });
  });
});

describe('judgeSignature with the listing of the keyring', () => {
  const AFTER = new Date('2027-01-01T00:00:00Z');
  const judge = (name: string, at: Date | 'signature', more: JudgeOptions = {}) => {
    const judgement = judgeSignature(recording(name), {
      threshold: OUT_OF_REACH,
      listing: { keys: listed(name), at },
      ...more,
    });
    return [judgement.signers.length, ...(judgement.ok ? [] : judgement.reasons.map(({ kind }) => kind))];
  };

  it.each(Object.entries(EXPECTED))('agrees with gpgv: %s', (name, expected) => {
    const at = name.startsWith('clock-behind') ? new Date('2090-06-01T00:00:00Z') : AFTER;
    const stricter = name === 'short-rsa' || name === 'dsa';
    expect(judge(name, at)).toEqual(stricter ? [0, 'weak-key'] : expected);
  });

  it.each([
    ['expired-key', [1]],
    ['expired-subkey', [1]],
    ['expired-signature', [0, 'expired-signature']],
    ['revoked-key', [0, 'revoked-key']],
    ['short-rsa', [0, 'weak-key']],
  ])('judges a chain by the time of each signature: %s', (name, expected) => {
    expect(judge(name, 'signature')).toEqual(expected);
  });

  it('refuses by the effective time a key that gpgv, by a clock that is behind, finds good', () => {
    const keys = listed('good').map((key) => ({ ...key, expires: AFTER.getTime() / 1000 }));
    expect(judge('good', AFTER, { listing: { keys, at: AFTER } })).toEqual([0, 'expired-key']);
    const before = new Date(AFTER.getTime() - 1000);
    expect(judge('good', AFTER, { listing: { keys, at: before } })).toEqual([1]);
  });

  it('refuses a signature made after its key had expired, at whatever time it is looked at', () => {
    const keys = listed('expired-key').map((key) => ({ ...key, expires: 1_577_800_000 }));
    expect(judge('expired-key', 'signature', { listing: { keys, at: 'signature' } })).toEqual([0, 'expired-key']);
  });

  it('counts on a host without a clock by the time that documents prove, and refuses what had expired by then', () => {
    expect(judge('clock-behind-ignored', new Date('2090-12-01T00:00:00Z'))).toEqual([1]);
    expect(judge('clock-behind-ignored', new Date('2091-02-01T00:00:00Z'))).toEqual([0, 'expired-key']);
  });

  it('does not count a key that the listing lacks', () => {
    expect(judge('good', AFTER, { listing: { keys: listed('short-rsa'), at: AFTER } })).toEqual([0, 'wrong-key']);
  });

  it('does not count a subkey of a primary key that was revoked', () => {
    const keys = listed('signing-subkey').map((key) => {
      return key.primary === key.fingerprint ? { ...key, standing: 'revoked' as const } : key;
    });
    expect(judge('signing-subkey', AFTER, { listing: { keys, at: AFTER } })).toEqual([0, 'revoked-key']);
  });

  it('counts only whom it is told to, and nobody who was withdrawn', () => {
    const [alice = '', bob = ''] = judgeSignature(recording('two-signers')).signers.map(
      ({ fingerprint }) => fingerprint,
    );
    expect(judge('two-signers', AFTER, { allowed: [alice] })).toEqual([1, 'not-allowed']);
    expect(judge('two-signers', AFTER, { allowed: [] })).toEqual([0, 'not-allowed', 'not-allowed']);
    expect(judge('two-signers', AFTER, { withdrawn: [bob] })).toEqual([1, 'withdrawn-key']);
    expect(judge('two-signers', AFTER, { allowed: [alice, bob], withdrawn: [alice, bob] })).toEqual([
      0,
      'withdrawn-key',
      'withdrawn-key',
    ]);
  });
});

describe('assertTrusted', () => {
  it('hands on the signers of what is trusted', () => {
    expect(assertTrusted('manifest', judgeSignature(recording('good')))).toHaveLength(1);
  });

  it.each([
    ['expired-key', /key [0-9A-F]{16} has expired/],
    ['unknown-key', /key [0-9A-F]{16} is not in the keyring/],
    ['no-signature', /there is no signature/],
    ['changed-message', /by key [0-9A-F]{16} is bad/],
    ['revoked-key', /key [0-9A-F]{16} was revoked/],
    ['wrong-usage', /key [0-9A-F]{16} is not a key for signing/],
    ['certification', /by key [0-9A-F]{16} is one of a key/],
    ['digest-sha1', /by key [0-9A-F]{16} uses a weak digest/],
  ])('names reason and key: %s', (name, message) => {
    expect(() => assertTrusted('op-dbus v1.3.0', judgeSignature(recording(name)))).toThrow(
      expect.objectContaining({ code: 'RELEASE_UNTRUSTED', exitCode: 5, message: expect.stringMatching(message) }),
    );
  });
});
