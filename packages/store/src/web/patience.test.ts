import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/fake-clock.ts';
import { MAX_TRIES, Patience } from './patience.ts';
import { Transient } from './transient.ts';

const FAILURE = new Transient('was cut');

describe('Patience', () => {
  it.each([
    [0, [250, 500, 1000, 2000, 4000]],
    [0.9, [475, 950, 1900, 3800, 7600]],
  ])('doubles its pauses, half of each by chance (%d)', async (random, expected) => {
    const clock = fakeClock({ random });
    const patience = new Patience({ clock, signal: undefined, onRetry: undefined });
    for (let failure = 1; failure < MAX_TRIES; failure += 1) await patience.afterFailure(FAILURE, 'x');
    expect(clock.slept.map(Math.round)).toEqual(expected);
    await expect(patience.afterFailure(FAILURE, 'x')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
  });

  it('begins anew after a megabyte, and not after less', async () => {
    const clock = fakeClock();
    const patience = new Patience({ clock, signal: undefined, onRetry: undefined });
    const fail = async (bytes: number) => {
      patience.progress(bytes);
      await patience.afterFailure(FAILURE, 'x');
    };
    for (let round = 0; round < 50; round += 1) await fail(1024 * 1024);
    expect(new Set(clock.slept)).toEqual(new Set([375]));
    for (let round = 2; round < MAX_TRIES; round += 1) await fail(1024 * 1024 - 1);
    await expect(fail(1024 * 1024 - 1)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
  });

  it('tells what happened and how long it waits, without parts of a second', async () => {
    const told: string[] = [];
    const patience = new Patience({ clock: fakeClock(), signal: undefined, onRetry: (line) => told.push(line) });
    await patience.afterFailure(FAILURE, 'https://host/file');
    await patience.afterFailure(new Transient('is busy', { retryAfterMs: 7_001 }), 'https://host/file');
    expect(told).toEqual([
      'https://host/file was cut; trying again in 1 s',
      'https://host/file is busy; trying again in 8 s',
    ]);
  });

  it('passes on at once what no other try would mend', async () => {
    const clock = fakeClock();
    const error = new RangeError('a bug');
    await expect(new Patience({ clock, signal: undefined, onRetry: undefined }).afterFailure(error, 'x')).rejects.toBe(
      error,
    );
    expect(clock.slept).toEqual([]);
  });
});
