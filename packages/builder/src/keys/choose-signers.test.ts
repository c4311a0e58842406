import type { KeySet } from '@goldstream/release';
import { describe, expect, it } from 'vitest';
import { chooseSigners } from './choose-signers.ts';
import type { OwnKey, OwnKeys } from './own-keys.ts';

const [ALICE, BOB, EVE] = ['A', 'B', 'E'].map((letter) => letter.repeat(40)) as [string, string, string];
const key = (fingerprint: string, objection?: OwnKey['objection']): OwnKey => ({
  fingerprint,
  userId: `${fingerprint[0]} <${fingerprint[0]}@example.org>`,
  expires: undefined,
  objection,
});
const own = (...keys: readonly OwnKey[]): OwnKeys => ({ home: 'callers', keys, keyring: '/keys.gpg', listing: [] });
const none: KeySet = { number: 0, threshold: 1, keys: [ALICE, BOB], withdrawn: [] };
const second: KeySet = { number: 2, threshold: 2, keys: [ALICE, BOB], withdrawn: [EVE] };
const chosen = (...of: Parameters<typeof chooseSigners>) => chooseSigners(...of).map(({ fingerprint }) => fingerprint);

describe('the keys that sign', () => {
  it('are the only one there is, or all that were given for this run', () => {
    expect(chosen(own(key(ALICE)), [], none)).toEqual([ALICE]);
    expect(chosen({ ...own(key(ALICE), key(BOB)), home: 'given' }, [], none)).toEqual([ALICE, BOB]);
    expect(() => chosen(own(key(ALICE), key(BOB)), [], none)).toThrow(expect.objectContaining({ code: 'GPG_NO_KEY' }));
  });

  it('are those of the newest keys document, where there is one', () => {
    expect(chosen(own(key(EVE), key(ALICE), key(BOB)), [], second)).toEqual([ALICE, BOB]);
  });

  it('are those that were named, each once', () => {
    expect(chosen(own(key(ALICE), key(BOB)), ['B <', BOB], none)).toEqual([BOB]);
  });

  it.each([
    ['has expired', key(ALICE, 'expired-key'), none],
    ['was revoked', key(ALICE, 'revoked-key'), none],
    ['is too weak', key(ALICE, 'weak-key'), none],
    ['is not a key for signing', key(ALICE, 'wrong-usage'), none],
    ['was withdrawn', key(EVE), { ...second, threshold: 1 }],
    ['is not in keys document 2', key('C'.repeat(40)), { ...second, threshold: 1 }],
  ])('are refused when one %s', (reason, bad, set) => {
    expect(() => chosen(own(bad), [bad.fingerprint], set)).toThrow(
      expect.objectContaining({ code: 'BUILDER_KEY_UNUSABLE', exitCode: 5, message: expect.stringContaining(reason) }),
    );
  });

  it('are refused when they are fewer than the threshold, with what keeps the others from it', () => {
    expect(() => chosen(own(key(ALICE), key(BOB, 'expired-key')), [], second)).toThrow(
      expect.objectContaining({
        code: 'BUILDER_TOO_FEW_KEYS',
        exitCode: 3,
        message: `2 keys must sign, 1 can do so here; key ${BOB} has expired`,
      }),
    );
  });
});
