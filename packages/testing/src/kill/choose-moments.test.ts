import { describe, expect, it } from 'vitest';
import { chooseMoments } from './choose-moments.ts';

const MOMENTS = [0, 1, 2].flatMap((step) =>
  Array.from({ length: 10 }, (_, operation) => ({ step, operation, doing: 'something' })),
);

describe('chooseMoments', () => {
  it('has the beginning of every step, some within each, and the last one', () => {
    const chosen = chooseMoments(MOMENTS, { within: 2, seed: 5 });
    for (const step of [0, 1, 2]) {
      const operations = chosen.filter((moment) => moment.step === step).map(({ operation }) => operation);
      expect(operations[0]).toBe(0);
      expect(operations.length).toBeGreaterThanOrEqual(3);
    }
    expect(chosen.at(-1)).toEqual(MOMENTS.at(-1));
    expect(chooseMoments(MOMENTS, { within: 2, seed: 5 })).toEqual(chosen);
  });

  it('has all of them when that many are wanted', () => {
    expect(chooseMoments(MOMENTS, { within: Number.POSITIVE_INFINITY, seed: 1 })).toEqual(MOMENTS);
  });
});
