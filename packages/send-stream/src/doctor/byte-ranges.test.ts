import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteRanges } from './byte-ranges.ts';

const SIZE = 64;
const ranges = fc.array(fc.tuple(fc.nat(SIZE), fc.nat(SIZE)), { maxLength: 12 });

describe('a set of byte ranges', () => {
  it('joins what touches, in whatever order it came', () => {
    expect([...setOf([8, 12], [0, 4], [4, 6], [3, 5])]).toEqual([
      { start: 0, end: 6 },
      { start: 8, end: 12 },
    ]);
  });

  it('holds exactly the bytes that were added', () => {
    fc.assert(
      fc.property(ranges, (added) => {
        const set = setOf(...added);
        const expected = bytesOf(added);
        expect(bytesOf([...set].map(({ start, end }) => [start, end]))).toEqual(expected);
        expect(set.bytes).toBe(expected.size);
      }),
    );
  });

  it('is, with its gaps, the whole file', () => {
    fc.assert(
      fc.property(ranges, fc.nat(SIZE), (added, size) => {
        const set = setOf(...added);
        const [inside, gaps] = [set.within(size), set.gaps(size)];
        expect(inside.bytes + gaps.bytes).toBe(size);
        expect([...setOf(...[...inside, ...gaps].map(({ start, end }) => [start, end] as const))]).toEqual(
          size === 0 ? [] : [{ start: 0, end: size }],
        );
      }),
    );
  });
});

function setOf(...added: readonly (readonly [start: number, end: number])[]): ByteRanges {
  const set = new ByteRanges();
  for (const [start, end] of added) set.add(start, end);
  return set;
}

function bytesOf(added: readonly (readonly [start: number, end: number])[]): Set<number> {
  return new Set(
    added
      .flatMap(([start, end]) => Array.from({ length: Math.max(end - start, 0) }, (_, n) => start + n))
      .sort((a, b) => a - b),
  );
}
