import { describe, expect, it } from 'vitest';
import { byTime, parseSnapshotName, snapshotName } from './snapshot-name.ts';

const NOW = new Date('2026-11-22T10:15:00.999Z');

describe('the name of a snapshot', () => {
  it('says what it is for, of which stage, and when in UTC', () => {
    expect(snapshotName('pre-stage', 3, NOW, new Set())).toBe('pre-stage-3-20261122-101500');
    expect(snapshotName('pre-rollback', 3, NOW, new Set())).toBe('pre-rollback-stage-3-20261122-101500');
  });

  it('is counted when it is taken within one second', () => {
    const taken = new Set(['pre-stage-3-20261122-101500', 'pre-stage-3-20261122-101500-2']);
    expect(snapshotName('pre-stage', 3, NOW, taken)).toBe('pre-stage-3-20261122-101500-3');
    expect(snapshotName('post-stage', 3, NOW, taken)).toBe('post-stage-3-20261122-101500');
  });

  it('is read again', () => {
    for (const purpose of ['pre-stage', 'post-stage', 'pre-rollback'] as const) {
      const name = snapshotName(purpose, 12, NOW, new Set());
      expect(parseSnapshotName(name)).toEqual({ name, purpose, at: '2026-11-22T10:15:00Z' });
    }
  });

  it.each([
    '',
    'pre-stage-3',
    'mine-3-20261122-101500',
    'pre-stage-3-20261122-101500-x',
    '../pre-stage-3-20261122-101500',
  ])('is not %j', (name) => {
    expect(parseSnapshotName(name)).toBeUndefined();
  });

  it('orders by time, and within one second by the counter', () => {
    const names = ['pre-stage-1-20261122-101500-10', 'pre-stage-1-20261122-101500', 'pre-stage-1-20261122-101500-2'];
    const sorted = names.flatMap((name) => parseSnapshotName(name) ?? []).toSorted(byTime);
    expect(sorted.map(({ name }) => name)).toEqual([names[1], names[2], names[0]]);
  });
});
