import { describe, expect, it } from 'vitest';
import { choosePoints } from './choose-points.ts';
import type { LogEntry } from './write-log.ts';

/** A long transfer, then three flushes close together. */
const LOG: LogEntry[] = Array.from({ length: 1000 }, (_, index) => ({
  flush: [994, 996, 998].includes(index),
  fua: false,
  write: undefined,
}));

describe('choosePoints', () => {
  it('chooses so many, in order, within the range, and the same for the same seed', () => {
    const plan = { count: 50, from: 100, to: 1000, seed: 3 };
    const points = choosePoints(LOG, plan);
    expect(points).toHaveLength(50);
    expect(points).toEqual([...points].sort((a, b) => a - b));
    expect(points.every((point) => point >= 100 && point <= 1000)).toBe(true);
    expect(choosePoints(LOG, plan)).toEqual(points);
    expect(choosePoints(LOG, { ...plan, seed: 4 })).not.toEqual(points);
  });

  it('chooses both sides of every flush and the middle of the transfer', () => {
    const points = new Set(choosePoints(LOG, { count: 40, seed: 1 }));
    expect([994, 995, 996, 997, 998, 999].filter((point) => points.has(point))).toHaveLength(6);
    expect([...points].filter((point) => point < 900).length).toBeGreaterThan(10);
  });

  it('adds what is asked for', () => {
    expect(choosePoints(LOG, { count: 0, also: [7, 3], seed: 1 })).toEqual([3, 7]);
  });
});
