import type { ListedKey } from '@goldstream/release';
import { describe, expect, it } from 'vitest';
import type { GivenKeys, KeysFacts } from './facts.ts';
import { findKey, planAddKeys, planRemoveKey } from './plan-keys.ts';
import { tellKeys } from './tell-keys.ts';

const [A, B, C] = ['A', 'B', 'C'].map((digit) => digit.repeat(40)) as [string, string, string];
const NOW = new Date('2026-11-22T07:00:00Z');

describe('keys add', () => {
  it('puts a key that can sign beside those that are there', () => {
    const { steps } = planAddKeys(facts({}), given(B));
    expect(steps).toEqual([
      {
        kind: 'write-keyring',
        says: `add ${B} to /etc/keys.gpg`,
        path: '/etc/keys.gpg',
        content: Buffer.from('old new'),
        added: [B],
        removed: [],
      },
    ]);
  });

  it('finds nothing to do for a key that is there', () => {
    expect(planAddKeys(facts({}), given(A)).steps).toEqual([]);
  });

  it('lets a key count again that its operator had removed', () => {
    const withdrawn = [A, C].map((fingerprint) => ({ fingerprint, at: 'then' }));
    const { steps } = planAddKeys(facts({ withdrawn }), given(A));
    expect(steps).toMatchObject([{ kind: 'write-withdrawn', keys: [{ fingerprint: C }] }]);
  });

  it.each<[string, Partial<ListedKey>, string]>([
    ['a short RSA key', { algorithm: 1, bits: 1024 }, 'too weak'],
    ['a key that has expired', { expires: NOW.getTime() / 1000 - 1 }, 'has expired'],
    ['a key that only encrypts', { usage: 'e' }, 'not a key for signing'],
    ['a key that was revoked', { standing: 'revoked' }, 'was revoked'],
  ])('refuses %s, and says so', (_, differing, reason) => {
    expect(() => planAddKeys(facts({}), given(B, differing))).toThrow(
      expect.objectContaining({ code: 'TRUST_UNFIT_KEY', message: expect.stringContaining(reason) }),
    );
  });

  it('refuses files without keys', () => {
    expect(() => planAddKeys(facts({}), { keyring: new Uint8Array(), listed: [] })).toThrow(
      expect.objectContaining({ code: 'TRUST_UNFIT_KEY' }),
    );
  });

  it('says that the keyring does not count on a host that follows keys documents', () => {
    const { set, listed } = facts({}).held;
    const { notes } = planAddKeys(facts({ held: { set: { ...set, number: 3 }, listed } }), given(B));
    expect(notes).toEqual([expect.stringContaining('keys document 3')]);
  });
});

describe('keys remove', () => {
  const content = Buffer.from('rest');

  it('withdraws a key before it takes it out, so that it counts nothing in between', () => {
    const { steps } = planRemoveKey(two(), { fingerprint: A, content, force: false });
    expect(steps).toMatchObject([
      { kind: 'write-withdrawn', keys: [{ fingerprint: A, at: '2026-11-22T07:00:00.000Z' }] },
      { kind: 'write-keyring', content, removed: [A] },
    ]);
  });

  it('leaves as many keys as must sign, unless it is forced', () => {
    const wish = { fingerprint: A, content, force: false };
    const few = expect.objectContaining({ code: 'TRUST_TOO_FEW_KEYS' });
    expect(() => planRemoveKey(facts({}), wish)).toThrow(few);
    expect(() => planRemoveKey({ ...two(), threshold: 2 }, wish)).toThrow(few);
    expect(planRemoveKey(facts({}), { ...wish, force: true }).steps).toHaveLength(2);
  });

  it('withdraws a key of a keys document that is not in the keyring', () => {
    const { steps } = planRemoveKey({ ...two(), listed: [] }, { fingerprint: B, content, force: false });
    expect(steps).toMatchObject([{ kind: 'write-withdrawn', keys: [{ fingerprint: B }] }]);
  });
});

describe('findKey', () => {
  it.each([A, A.slice(-16), `0x${A.slice(-16)}`, A.toLowerCase()])('finds a key by %s', (wanted) => {
    expect(findKey(two(), wanted)).toBe(A);
  });

  it.each(['', 'AAAA', C, 'release@example.org'])('refuses “%s”', (wanted) => {
    expect(() => findKey(two(), wanted)).toThrow(expect.objectContaining({ code: 'TRUST_NO_SUCH_KEY' }));
  });
});

it('keys list tells which signatures count, and why others do not', () => {
  const facts = two();
  const withdrawn = { ...facts.held.set, keys: [B], withdrawn: [A] };
  expect(tellKeys({ ...facts, held: { ...facts.held, set: withdrawn } })).toMatchObject({
    number: 0,
    threshold: 1,
    keys: [
      { fingerprint: A, from: 'operator', counts: false, because: 'withdrawn' },
      { fingerprint: B, counts: true, because: null },
    ],
    withdrawn: [A],
  });
});

function two(): KeysFacts {
  const listed = [key(A), key(B)];
  return facts({ listed, held: { set: { number: 0, threshold: 1, keys: [A, B], withdrawn: [] }, listed } });
}

function facts(differing: Partial<KeysFacts>): KeysFacts {
  const listed = [key(A)];
  return {
    path: '/etc/keys.gpg',
    keyring: Buffer.from('old '),
    listed,
    held: { set: { number: 0, threshold: 1, keys: [A], withdrawn: [] }, listed },
    withdrawn: [],
    threshold: 1,
    now: NOW,
    ...differing,
  };
}

function given(fingerprint: string, differing: Partial<ListedKey> = {}): GivenKeys {
  return { keyring: Buffer.from('new'), listed: [{ ...key(fingerprint), ...differing }] };
}

function key(fingerprint: string): ListedKey {
  return {
    fingerprint,
    primary: fingerprint,
    algorithm: 22,
    bits: 255,
    usage: 'sc',
    expires: undefined,
    standing: 'usable',
  };
}
