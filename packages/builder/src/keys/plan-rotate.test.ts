import { renderPlan } from '@goldstream/plan';
import { openChannel, openKeys, rotateKeys } from '@goldstream/release';
import { describe, expect, it } from 'vitest';
import type { OwnKey } from './own-keys.ts';
import { planRotate, type RotateFacts, type RotateWish } from './plan-rotate.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const [ALICE, BOB, CAROL] = ['A', 'B', 'C'].map((letter) => letter.repeat(40)) as [string, string, string];
const announced = (fingerprint: string) => ({ fingerprint, publicKey: 'mDMEawJr' });
const ownKey = (fingerprint: string): OwnKey => ({
  fingerprint,
  userId: fingerprint.slice(0, 1),
  expires: undefined,
  objection: undefined,
});
const own = (...keys: readonly string[]) =>
  ({ home: 'callers', keys: keys.map(ownKey), keyring: '/keys.gpg', listing: [] }) as const;
const first = openKeys({ application: 'shop', keys: [announced(ALICE)] }, { now: NOW, reason: 'first' });
const wish: RotateWish = { reason: 'yearly', retire: [], withdraw: [], threshold: undefined, newEpoch: false };
const release = { version: 'v1.0.0', manifestSha256: '1'.repeat(64) } as const;
const stable = openChannel({ application: 'shop', channel: 'stable', release }, { now: NOW });

function facts(change: Partial<RotateFacts> = {}): RotateFacts {
  const storeUrl = 'dir:/srv/releases';
  const inStore = { kind: 'believed', fileSha256: 'f'.repeat(64), channel: stable, signers: [ALICE] } as const;
  return {
    storeUrl,
    application: 'shop',
    own: own(ALICE, BOB),
    set: { number: 1, threshold: 1, keys: [ALICE], withdrawn: [], sha256: 'a'.repeat(64) },
    document: first,
    add: [announced(BOB)],
    channels: [{ storeUrl, application: 'shop', name: 'stable', inStore, now: NOW }],
    now: NOW,
    ...change,
  };
}

describe('the plan of keys rotate', () => {
  it('publishes the keys document before the channels that name it', () => {
    expect(renderPlan(planRotate(facts(), { ...wish, retire: ['AAAAAAAA'] }))).toMatchInlineSnapshot(`
      "keys document 2 of shop in dir:/srv/releases:
        note: may sign: BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB
        note: retired: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        note: stable: keys document: none → 2
        note: stable: sequence: 1 → 2
        1. sign keys document 2 by A (AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA) and B (BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB) and publish it in dir:/srv/releases
        2. sign channel stable, sequence 2, by B (BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB) and publish it in dir:/srv/releases
      "
    `);
  });

  it('makes the first document of the keys that sign now', () => {
    const start = facts({
      set: { number: 0, threshold: 1, keys: [ALICE], withdrawn: [] },
      document: undefined,
      add: [announced(ALICE)],
    });
    expect(planRotate(start, wish).steps[0]).toMatchObject({ document: { number: 1 }, signers: [ALICE] });
    expect(() => planRotate(start, { ...wish, retire: [ALICE] })).toThrow(
      expect.objectContaining({ code: 'RELEASE_KEYS_CONFLICT' }),
    );
  });

  it('lets no key that is withdrawn sign its own withdrawal', () => {
    const both = rotateKeys(first, { now: NOW, reason: 'two', add: [announced(BOB)] });
    const set = { number: 2, threshold: 1, keys: [ALICE, BOB], withdrawn: [] };
    const plan = planRotate(facts({ document: both, set, add: [], channels: [] }), { ...wish, withdraw: [ALICE] });
    expect(plan.steps[0]).toMatchObject({ signers: [BOB] });
    const alone = facts({ document: both, set, add: [], own: own(ALICE) });
    expect(() => planRotate(alone, { ...wish, withdraw: [ALICE] })).toThrow(
      expect.objectContaining({ code: 'BUILDER_TOO_FEW_KEYS', exitCode: 3 }),
    );
  });

  it('takes no channel over that only a withdrawn key signed', () => {
    const both = rotateKeys(first, { now: NOW, reason: 'two', add: [announced(BOB)] });
    const set = { number: 2, threshold: 1, keys: [ALICE, BOB], withdrawn: [] };
    expect(() => planRotate(facts({ document: both, set, add: [] }), { ...wish, withdraw: [ALICE] })).toThrow(
      expect.objectContaining({ code: 'BUILDER_CHANNEL_UNTRUSTED', exitCode: 5 }),
    );
  });

  it.each([
    ['the keys before it', own(BOB), undefined],
    ['its own keys', own(ALICE), 2],
  ])('needs enough of %s', (_, keys, threshold) => {
    expect(() => planRotate(facts({ own: keys }), { ...wish, threshold })).toThrow(
      expect.objectContaining({ code: 'BUILDER_TOO_FEW_KEYS' }),
    );
  });

  it('makes no document that says nothing new, but announces what is not announced', () => {
    const same = facts({ add: [] });
    expect(planRotate(same, wish).steps).toMatchObject([{ kind: 'publish-channel', channel: { keys: { number: 1 } } }]);
    expect(planRotate({ ...same, channels: [] }, wish).steps).toEqual([]);
  });

  it('makes one for a new epoch, unless there is one that no channel has used', () => {
    const epoch = { ...wish, newEpoch: true };
    const [unused] = facts().channels;
    expect(planRotate(facts({ add: [] }), epoch).steps).toMatchObject([{ channel: { epoch: 1, sequence: 1 } }]);
    const keys = { number: 1, sha256: 'a'.repeat(64) };
    const channel = { ...stable, epoch: 1, keys };
    const used = { ...unused, inStore: { kind: 'believed', fileSha256: 'f'.repeat(64), channel, signers: [ALICE] } };
    // The same channel facts with another channel in the store.
    const again = facts({ add: [], channels: [used] as RotateFacts['channels'] });
    expect(planRotate(again, epoch).steps).toMatchObject([
      { document: { number: 2 } },
      { channel: { epoch: 2, sequence: 1 } },
    ]);
  });

  it('refuses a key that nobody knows by this name', () => {
    for (const name of ['AAAA', CAROL.slice(-16), 'alice']) {
      expect(() => planRotate(facts(), { ...wish, retire: [name] })).toThrow(
        expect.objectContaining({ code: 'RELEASE_KEYS_CONFLICT' }),
      );
    }
  });
});
