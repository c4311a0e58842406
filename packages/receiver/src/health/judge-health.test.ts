import type { HealthTiming } from '@goldstream/component';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginHealth, type Health, nextHealth, nextLookIn } from './judge-health.ts';
import type { Look } from './look.ts';

const TIMING: HealthTiming = {
  timeoutMs: 500,
  intervalMs: 1_000,
  startIntervalMs: 100,
  retries: 3,
  startPeriodMs: 10_000,
  stableMs: 5_000,
  deadlineMs: 60_000,
};
const WELL: Look = { kind: 'well' };
const FAILING: Look = { kind: 'failing', because: 'answers with 500' };
const WAITING: Look = { kind: 'waiting', because: 'is still starting (start)' };
const DEAD: Look = { kind: 'dead', because: 'failed (exit-code)' };

/** Health after looks at these moments. */
function after(looks: readonly (readonly [at: number, look: Look])[], timing = TIMING): Health {
  return looks.reduce((health, [at, look]) => nextHealth(health, look, at, timing), beginHealth(0));
}

describe('health', () => {
  it('is healthy at the first look that is well, and stable when all were for long enough', () => {
    expect(after([[100, WELL]])).toMatchObject({ kind: 'healthy', since: 100, stable: false });
    const wells = [100, 1_100, 5_099].map((at) => [at, WELL] as const);
    expect(after(wells)).toMatchObject({ kind: 'healthy', stable: false });
    expect(after([...wells, [5_100, WELL]])).toMatchObject({ kind: 'healthy', since: 100, stable: true });
  });

  it('does not count failures of the start period', () => {
    const failures = [100, 200, 300, 9_999].map((at) => [at, FAILING] as const);
    expect(after(failures)).toMatchObject({ kind: 'starting', failures: 0, because: 'answers with 500' });
    const counted = [10_000, 11_000, 12_000].map((at) => [at, FAILING] as const);
    expect(after([...failures, ...counted])).toEqual({
      kind: 'unhealthy',
      because: 'answers with 500 (3 times in a row)',
    });
  });

  it('counts every failure once it was well', () => {
    const failures = [300, 400, 500].map((at) => [at, FAILING] as const);
    expect(after([[200, WELL], ...failures.slice(1)])).toMatchObject({ kind: 'starting', failures: 2, wasWell: true });
    expect(after([[200, WELL], ...failures])).toMatchObject({ kind: 'unhealthy' });
  });

  it('begins to count anew after a look that is well, and so does the time of being stable', () => {
    const health = after([
      [100, WELL],
      [4_000, FAILING],
      [4_500, FAILING],
      [5_100, WELL],
      [6_000, FAILING],
      [6_500, FAILING],
      [7_000, WELL],
    ]);
    expect(health).toMatchObject({ kind: 'healthy', since: 7_000, stable: false });
  });

  it('is unhealthy at once when nothing will change by itself', () => {
    expect(after([[100, DEAD]])).toEqual({ kind: 'unhealthy', because: 'failed (exit-code)' });
  });

  it('tells of a deadline why the unit was not well before, not that the last look was cut short by it', () => {
    const late: Look = { kind: 'failing', because: 'cannot be judged: systemd did not answer within 1 ms' };
    expect(
      after([
        [59_000, WAITING],
        [60_000, late],
      ]),
    ).toEqual({ kind: 'unhealthy', because: 'was not stable within 60 s: it is still starting (start)' });
  });

  it('waits for a unit that is starting, and not beyond the deadline', () => {
    expect(after([[59_999, WAITING]])).toMatchObject({ kind: 'starting', failures: 0 });
    expect(after([[60_000, WAITING]])).toEqual({
      kind: 'unhealthy',
      because: 'was not stable within 60 s: it is still starting (start)',
    });
  });

  it('does not let a unit that comes and goes hold up anybody beyond the deadline', () => {
    const looks = Array.from({ length: 61 }, (_, second) => [second * 1_000, second % 2 ? FAILING : WELL] as const);
    expect(after(looks.slice(0, -1)).kind).not.toBe('unhealthy');
    expect(after(looks).kind).toBe('unhealthy');
  });

  it('is looked at often while it starts, exactly when it becomes stable, and never late', () => {
    expect(nextLookIn(beginHealth(0), 0, TIMING)).toBe(100);
    expect(nextLookIn(after([[10_000, FAILING]]), 10_000, TIMING)).toBe(1_000);
    expect(nextLookIn(after([[100, WELL]]), 4_800, TIMING)).toBe(300);
    expect(nextLookIn(after([[59_950, WAITING]]), 59_950, TIMING)).toBe(50);
    expect(nextLookIn(after([0, 5_000].map((at) => [at, WELL] as const)), 5_000, TIMING)).toBe(1_000);
  });
});

const time = fc.integer({ min: 1, max: 5_000 });
const timings = fc.record({
  timeoutMs: time,
  intervalMs: time,
  startIntervalMs: time,
  retries: fc.integer({ min: 1, max: 5 }),
  startPeriodMs: fc.nat(5_000),
  stableMs: fc.nat(5_000),
  deadlineMs: fc.integer({ min: 10_001, max: 60_000 }),
});
const looks = fc.constantFrom(WELL, WELL, FAILING, WAITING, DEAD);

/** Looks at the moments that `nextLookIn` asks for, until the health is settled. */
function follow(timing: HealthTiming, lookAt: (index: number) => Look) {
  const seen: { at: number; look: Look; health: Health }[] = [];
  let health = beginHealth(0);
  for (let at = 0, index = 0; index < 200_000; index += 1) {
    const look = lookAt(index);
    health = nextHealth(health, look, at, timing);
    seen.push({ at, look, health });
    if (health.kind === 'unhealthy' || (health.kind === 'healthy' && health.stable)) return seen;
    at += nextLookIn(health, at, timing);
  }
  throw new Error('it was never settled');
}

describe('whatever is seen', () => {
  it('it is settled by the deadline', () => {
    fc.assert(
      fc.property(timings, fc.infiniteStream(looks), (timing, stream) => {
        const seen = follow(timing, () => stream.next().value ?? WELL);
        expect(seen.at(-1)?.at).toBeLessThanOrEqual(timing.deadlineMs);
      }),
    );
  });

  it('nothing is trusted that failed within the stable time, and nothing given up without a failure', () => {
    fc.assert(
      fc.property(timings, fc.infiniteStream(looks), (timing, stream) => {
        const seen = follow(timing, () => stream.next().value ?? WELL);
        const end = seen.at(-1);
        if (end?.health.kind === 'healthy') {
          const tail = seen.filter(({ at }) => at >= end.at - timing.stableMs);
          expect(tail.every(({ look }) => look.kind === 'well')).toBe(true);
        } else {
          expect(seen.some(({ look }) => look.kind !== 'well')).toBe(true);
        }
      }),
    );
  });

  it('only so many failures without a success between them end it before the deadline', () => {
    const restless = fc.infiniteStream(fc.constantFrom(WELL, WELL, FAILING, FAILING, WAITING));
    fc.assert(
      fc.property(timings, restless, (timing, stream) => {
        const seen = follow(timing, () => stream.next().value ?? WELL);
        const end = seen.at(-1);
        if (end?.health.kind !== 'unhealthy' || end.at >= timing.deadlineMs) return;
        const told = seen.filter(({ look }) => look.kind !== 'waiting').slice(-timing.retries);
        expect(told.map(({ look }) => look.kind)).toEqual(Array(timing.retries).fill('failing'));
      }),
    );
  });

  it('unhealthy is the end', () => {
    fc.assert(
      fc.property(looks, fc.nat(100_000), (look, at) => {
        const end: Health = { kind: 'unhealthy', because: 'failed' };
        expect(nextHealth(end, look, at, TIMING)).toBe(end);
      }),
    );
  });
});
