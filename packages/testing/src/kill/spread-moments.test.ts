import { describe, expect, it } from 'vitest';
import { spreadMoments } from './spread-moments.ts';

const MOMENTS = Array.from({ length: 20 }, (_, index) => index + 1).flatMap((step) =>
  Array.from({ length: 5 }, (_, operation) => ({ step, operation, doing: 'something' })),
);

describe('spreadMoments', () => {
  it('has as many as asked for, evenly over the steps, at their beginning and within', () => {
    const chosen = spreadMoments(MOMENTS, { count: 10, seed: 3 });
    expect(chosen.map(({ step }) => step)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect(chosen.map(({ operation }) => operation === 0)).toEqual(chosen.map((_, index) => index % 2 === 1));
    expect(spreadMoments(MOMENTS, { count: 10, seed: 3 })).toEqual(chosen);
  });

  it('takes the beginning of a step that has nothing else, and a step more than once when there are few', () => {
    const [only] = MOMENTS;
    expect(spreadMoments(MOMENTS.slice(0, 1), { count: 3, seed: 1 })).toEqual([only, only, only]);
  });

  it('has none of what is before the first step', () => {
    const before = { step: 0, operation: 1, doing: 'look' };
    expect(spreadMoments([before], { count: 3, seed: 1 })).toEqual([]);
  });
});
