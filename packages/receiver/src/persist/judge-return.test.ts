import { compareVersions, parseVersion } from '@goldstream/release';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeReturn } from './judge-return.ts';

const v = (text: string) => parseVersion(text);
const versions = fc.tuple(fc.nat(3), fc.nat(3)).map(([major, minor]) => v(`v${major}.${minor}.0`));

describe('judgeReturn', () => {
  it.each([
    ['v2.1.0', 'v2.0.0', 'free'],
    ['v2.0.0', 'v1.9.0', 'needs-restore'],
    ['v3.0.0', 'v1.9.0', 'needs-restore'],
    ['v1.9.0', 'v1.0.0', 'free'],
    // The barrier itself is where state was migrated: those above it understand what it left.
    ['v3.0.0', 'v2.0.0', 'free'],
  ])('from %s to %s with a barrier at v2.0.0: %s', (from, to, kind) => {
    expect(judgeReturn({ from: v(from), to: v(to) }, [v('v2.0.0')])).toMatchObject({ kind });
  });

  it('names the newest barrier that lies between', () => {
    const barriers = ['v1.0.0', 'v3.0.0', 'v2.0.0', 'v9.0.0'].map(v);
    expect(judgeReturn({ from: v('v3.5.0'), to: v('v1.0.0') }, barriers)).toEqual({
      kind: 'needs-restore',
      barrier: 'v3.0.0',
    });
  });

  it('going back in two steps is as free as going back in one', () => {
    fc.assert(
      fc.property(fc.array(versions), versions, versions, versions, (barriers, ...three) => {
        const [to, middle, from] = three.toSorted(compareVersions) as [
          (typeof three)[0],
          (typeof three)[0],
          (typeof three)[0],
        ];
        const isFree = (one: typeof to, other: typeof to) =>
          judgeReturn({ from: one, to: other }, barriers).kind === 'free';
        expect(isFree(from, to)).toBe(isFree(from, middle) && isFree(middle, to));
      }),
    );
  });

  it('going forward is never held back', () => {
    fc.assert(
      fc.property(fc.array(versions), versions, versions, (barriers, one, other) => {
        if (compareVersions(one, other) > 0) return;
        expect(judgeReturn({ from: one, to: other }, barriers)).toEqual({ kind: 'free' });
      }),
    );
  });
});
