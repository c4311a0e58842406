import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TrustEvent } from './channel-trust.ts';
import type { ReleaseErrorCode } from './error.ts';
import { judgeKeysDocument, type KeysJudgement } from './judge-keys.ts';
import type { KeySet, KeysDocument } from './keys-document.ts';
import type { ListedKey } from './parse-key-listing.ts';
import { renderKeys } from './render-keys.ts';

/** Keys are called by one hexadecimal digit each, groups of them by several. */
const fingerprint = (name: string) => name.repeat(40);
const SIGNED = 1_800_000_000;

const listed = (name: string): ListedKey => ({
  fingerprint: fingerprint(name),
  primary: fingerprint(name),
  algorithm: 22,
  bits: 255,
  usage: 'sc',
  expires: undefined,
  standing: 'usable',
});

/** What gpgv says when these keys signed and a keyring knows those. */
function status(signers: string, known: readonly string[]): string {
  return [...signers]
    .map((name) => {
      const id = name.repeat(16);
      return known.includes(fingerprint(name))
        ? `[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG ${id} x\n[GNUPG:] VALIDSIG ${fingerprint(name)} 2027-01-15 ${SIGNED} 0 4 0 22 8 01 ${fingerprint(name)}\n`
        : `[GNUPG:] NEWSIG\n[GNUPG:] ERRSIG ${id} 22 8 01 ${SIGNED} 9 ${fingerprint(name)}\n`;
    })
    .join('');
}

interface Next {
  readonly keys: string;
  readonly signers: string;
  readonly withdrawn?: string;
  readonly threshold?: number;
  readonly number?: number;
  readonly application?: string;
  /** Lists the document's own keys otherwise than they are announced. */
  readonly listing?: readonly ListedKey[];
}

function setOf(keys: string, more: Partial<KeySet> = {}): KeySet {
  return { number: 1, threshold: 1, keys: [...keys].map(fingerprint), withdrawn: [], ...more };
}

function step(previous: KeySet, next: Next, floor?: number): KeysJudgement {
  const document: KeysDocument = {
    formatVersion: '1.0',
    application: next.application ?? 'op-dbus',
    number: next.number ?? previous.number + 1,
    issued: '2026-11-22T03:00:00Z',
    reason: 'a rehearsal',
    threshold: next.threshold ?? 1,
    keys: [...next.keys].sort().map((name) => ({ fingerprint: fingerprint(name), publicKey: 'YWFh' })),
    withdrawn: [...(next.withdrawn ?? '')].sort().map((name) => ({ fingerprint: fingerprint(name), reason: 'stolen' })),
  };
  const sha256 = createHash('sha256').update(renderKeys(document)).digest('hex');
  const own = document.keys.map((key) => key.fingerprint);
  return judgeKeysDocument(
    previous,
    {
      document,
      sha256,
      byPrevious: { status: status(next.signers, previous.keys), keys: [...'ABCDE'].map(listed) },
      byOwn: { status: status(next.signers, own), keys: next.listing ?? [...next.keys].map(listed) },
    },
    floor === undefined ? { application: 'op-dbus' } : { application: 'op-dbus', threshold: floor },
  );
}

function accepted(judgement: KeysJudgement): KeySet {
  if (judgement.ok) return judgement.keys;
  throw judgement.refusal;
}
function expectRefusal(judgement: KeysJudgement, code: ReleaseErrorCode, message: RegExp): void {
  expect(judgement.ok ? 'accepted' : judgement.refusal).toMatchObject({
    code,
    exitCode: 5,
    message: expect.stringMatching(message),
  });
}
const kinds = (judgement: KeysJudgement) => (judgement.ok ? judgement.events.map(({ kind }: TrustEvent) => kind) : []);

describe('judgeKeysDocument', () => {
  it('hands over from one key to another that both sign', () => {
    const judgement = step(setOf('A'), { keys: 'B', signers: 'AB' });
    expect(judgement).toMatchObject({
      ok: true,
      keys: { number: 2, threshold: 1, keys: [fingerprint('B')], withdrawn: [] },
    });
    expect(kinds(judgement)).toEqual(['keys-changed', 'key-added', 'key-retired']);
  });

  it('walks three rotations, each by the keys of the one before', () => {
    const second = accepted(step(setOf('A'), { keys: 'AB', signers: 'A' }));
    const third = accepted(step(second, { keys: 'BC', signers: 'B', withdrawn: 'A' }));
    const fourth = accepted(step(third, { keys: 'CD', signers: 'BD', withdrawn: 'A' }));
    expect(fourth).toMatchObject({
      number: 4,
      keys: [fingerprint('C'), fingerprint('D')],
      withdrawn: [fingerprint('A')],
    });
  });

  it.each<[string, KeySet, Next]>([
    ['that only the new key signed', setOf('A'), { keys: 'B', signers: 'B' }],
    ['that only the old key signed, so that nobody may hold the new one', setOf('A'), { keys: 'B', signers: 'A' }],
    ['that nobody signed', setOf('A'), { keys: 'AB', signers: '' }],
    ['that a stranger signed', setOf('A'), { keys: 'AC', signers: 'C' }],
    ['with one of two needed old keys', setOf('AB', { threshold: 2 }), { keys: 'AB', signers: 'A' }],
    ['with one of two needed new keys', setOf('A'), { keys: 'BC', signers: 'AB', threshold: 2 }],
    ['signed by the key alone that it withdraws', setOf('AB'), { keys: 'AC', signers: 'BC', withdrawn: 'B' }],
    [
      'signed by a withdrawn key',
      setOf('B', { withdrawn: [fingerprint('A')] }),
      { keys: 'B', signers: 'A', withdrawn: 'A' },
    ],
  ])('refuses a document %s', (_, previous, next) => {
    expectRefusal(step(previous, next), 'RELEASE_UNTRUSTED', /needed signatures count/);
  });

  it('lets the others withdraw a stolen key, and never the key itself alone', () => {
    expectRefusal(
      step(setOf('A'), { keys: 'B', signers: 'AB', withdrawn: 'A' }),
      'RELEASE_UNTRUSTED',
      /A{16} was withdrawn/,
    );
    const judgement = step(setOf('ABC', { threshold: 2 }), { keys: 'BC', signers: 'BC', withdrawn: 'A', threshold: 2 });
    expect(kinds(judgement)).toEqual(['keys-changed', 'key-withdrawn']);
    // Of three keys and a threshold of two, one stolen key reaches nothing.
    const thief = { keys: 'AD', signers: 'AD', withdrawn: 'BC', threshold: 2 };
    expectRefusal(step(setOf('ABC', { threshold: 2 }), thief), 'RELEASE_UNTRUSTED', /0 of 2|1 of 2/);
  });

  it('asks for as many signers as the operator of the host does', () => {
    expectRefusal(step(setOf('AB'), { keys: 'AB', signers: 'A' }, 2), 'RELEASE_UNTRUSTED', /1 of 2/);
    expect(step(setOf('AB'), { keys: 'AB', signers: 'AB' }, 2).ok).toBe(true);
  });

  it.each<[string, KeySet, Next, RegExp]>([
    ['of another application', setOf('A'), { keys: 'A', signers: 'A', application: 'other' }, /about other/],
    ['that leaves one out', setOf('A'), { keys: 'A', signers: 'A', number: 3 }, /expected number 2/],
    ['of the same number', setOf('A'), { keys: 'A', signers: 'A', number: 1 }, /expected number 2/],
    [
      'whose public key is another',
      setOf('A'),
      { keys: 'B', signers: 'AB', listing: [listed('C')] },
      /none of its public keys/,
    ],
    [
      'with a short key',
      setOf('A'),
      { keys: 'B', signers: 'AB', listing: [{ ...listed('B'), algorithm: 1, bits: 1024 }] },
      /too weak/,
    ],
    [
      'with a key that cannot sign',
      setOf('A'),
      { keys: 'B', signers: 'AB', listing: [{ ...listed('B'), usage: 'e' }] },
      /not a key for signing/,
    ],
    [
      'with a revoked key',
      setOf('A'),
      { keys: 'B', signers: 'AB', listing: [{ ...listed('B'), standing: 'revoked' }] },
      /was revoked/,
    ],
  ])('refuses a document %s', (_, previous, next, message) => {
    expectRefusal(step(previous, next), 'RELEASE_KEYS_BROKEN', message);
  });

  it('enters the chain with an operator’s keyring at the document that its keys signed', () => {
    const keyring = setOf('C', { number: 0 });
    expectRefusal(step(keyring, { keys: 'AB', signers: 'AB', number: 1 }), 'RELEASE_UNTRUSTED', /0 of 1/);
    expect(accepted(step(keyring, { keys: 'CD', signers: 'AC', number: 7, withdrawn: 'B' }))).toMatchObject({
      number: 7,
    });
  });

  it('counts a withdrawn key never again, whoever withdrew it and whatever later documents say', () => {
    const set = setOf('AB', { withdrawn: [fingerprint('C')] });
    expect(accepted(step(set, { keys: 'ABC', signers: 'A' }))).toEqual(
      expect.objectContaining({ keys: [fingerprint('A'), fingerprint('B')], withdrawn: [fingerprint('C')] }),
    );
    expectRefusal(step(set, { keys: 'C', signers: 'AC' }), 'RELEASE_UNTRUSTED', /C{16} was withdrawn/);
  });
});
