import { renderPlan } from '@goldstream/plan';
import { describe, expect, it } from 'vitest';
import { planCreateKey, planExportKey } from './plan-keys.ts';

const home = { kind: 'ours', path: '/pool/state/gnupg' } as const;
const key = { fingerprint: 'F'.repeat(40), userId: 'shop releases', expires: undefined };
const wish = { userId: 'shop releases', expires: '2y', another: false };

describe('the plan of keys create', () => {
  it('makes the first key', () => {
    expect(renderPlan(planCreateKey({ home, keys: [] }, wish))).toMatchInlineSnapshot(`
      "a signing key in /pool/state/gnupg:
        1. make an ed25519 signing key for “shop releases” that expires after 2y, without a passphrase
      "
    `);
  });

  it('makes a second one only when asked for', () => {
    expect(() => planCreateKey({ home, keys: [key] }, wish)).toThrowError(
      expect.objectContaining({ code: 'BUILDER_KEY_EXISTS', exitCode: 8 }),
    );
    expect(planCreateKey({ home, keys: [key] }, { ...wish, another: true }).steps).toHaveLength(1);
  });
});

describe('the plan of keys export', () => {
  it('writes no binary to a terminal', () => {
    const binary = { to: undefined, armor: false, toTerminal: true };
    expect(() => planExportKey(key, binary)).toThrowError(
      expect.objectContaining({ code: 'BUILDER_BINARY_TO_TERMINAL', exitCode: 2 }),
    );
    for (const change of [{ to: 'key.gpg' }, { armor: true }, { toTerminal: false }]) {
      expect(planExportKey(key, { ...binary, ...change }).steps).toHaveLength(1);
    }
  });
});
