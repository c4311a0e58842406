import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, isVersion, newest, parseVersion, sortVersions, type Version } from './version.ts';

const number = fc.nat({ max: 20 });
const pre = fc.constantFrom('', '-rc.1', '-rc.2', '-alpha', '-0');
const anyVersion = fc.tuple(number, number, number, pre).map(([a, b, c, p]) => parseVersion(`v${a}.${b}.${c}${p}`));

describe('parseVersion', () => {
  it.each(['v0.0.0', 'v1.3.0', 'v2.0.0-rc.1', 'v1.0.0-alpha', 'v10.20.30-a-b.7'])('takes %s', (text) => {
    expect(parseVersion(text)).toBe(text);
  });

  it.each([
    ['', 'nothing'],
    ['1.3.0', 'no v'],
    ['vv1.3.0', 'two of them'],
    ['v1.3', 'two numbers'],
    ['v1.3.0.1', 'four numbers'],
    ['v01.3.0', 'a leading zero'],
    ['v1.3.0-01', 'a leading zero in the pre-release'],
    ['v1.3.0+5', 'build metadata'],
    ['v1.3.0-', 'an empty pre-release'],
    ['v1.3.0\n', 'a newline'],
    [' v1.3.0', 'a space'],
    ['v 1.3.0', 'a space inside'],
    ['=v1.3.0', 'a range'],
    ['v1.3.0-../../etc', 'a path'],
    ['v9007199254740993.0.0', 'a number beyond 2^53'],
    [`v1.0.0-${'a'.repeat(64)}`, 'a name too long for a file'],
  ])('refuses %j: %s', (text) => {
    expect(isVersion(text)).toBe(false);
    expect(() => parseVersion(text)).toThrow(expect.objectContaining({ code: 'RELEASE_BAD_VERSION', exitCode: 2 }));
  });

  it('tells who forgot the v what to write', () => {
    expect(() => parseVersion('1.3.0')).toThrow(expect.objectContaining({ hint: 'Write v1.3.0.' }));
  });
});

describe('the order of versions', () => {
  it('is that of numbers, with pre-releases before their release', () => {
    const oldestFirst: Version[] = ['v1.2.9', 'v1.2.10', 'v1.10.0-alpha', 'v1.10.0-rc.2', 'v1.10.0-rc.10', 'v1.10.0'];
    expect(sortVersions(oldestFirst.toReversed())).toEqual(oldestFirst);
  });

  it('is total: antisymmetric, transitive, and equal only for the same text', () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, anyVersion, (a, b, c) => {
        expect(compareVersions(a, b)).toBe(0 - compareVersions(b, a));
        expect(compareVersions(a, b) === 0).toBe(a === b);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('has no newest among none', () => {
    expect(newest([])).toBeUndefined();
    expect(newest(['v1.0.0', 'v2.0.0-rc.1', 'v1.9.0'])).toBe('v2.0.0-rc.1');
  });
});
