import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { applicationId, machineIdFor } from './machine-id.ts';
import { hostPlace, rolloutShare } from './rollout.ts';

const MACHINE_ID = '0123456789abcdef0123456789abcdef';

describe('machineIdFor', () => {
  it('is what systemd-id128 makes of the same machine and application', () => {
    // systemd 252: systemd-id128 machine-id --app-specific=dc7c52fb658d8291bd361b355f2f77a1
    expect(applicationId('op-dbus')).toBe('dc7c52fb658d8291bd361b355f2f77a1');
    expect(machineIdFor('op-dbus', `${MACHINE_ID}\n`)).toBe('321ba56856984b7c9ca5c0496181c0d8');
  });

  it('differs for every application, and does not show the machine id', () => {
    const ids = ['op-dbus', 'other'].map((application) => machineIdFor(application, MACHINE_ID));
    expect(new Set([...ids, MACHINE_ID]).size).toBe(3);
  });

  it.each(['', '\n', 'uninitialized\n', '0'.repeat(32), MACHINE_ID.toUpperCase(), `${MACHINE_ID}\n\n`, '0123'])(
    'finds no machine id in %j',
    (text) => {
      expect(machineIdFor('op-dbus', text)).toBeUndefined();
    },
  );
});

describe('hostPlace', () => {
  const place = (machineId: string, release: 'v1.0.0' | 'v1.0.1' = 'v1.0.0') =>
    hostPlace({ application: 'op-dbus', channel: 'stable', release, machineId });

  it('is the first 8 bytes of SHA-256 over the four words, as a fraction', () => {
    const digest = createHash('sha256').update(`op-dbus\0stable\0v1.0.0\0${MACHINE_ID}\0`).digest('hex');
    expect(place(MACHINE_ID)).toBeCloseTo(Number(`0x${digest.slice(0, 16)}`) / 2 ** 64, 12);
  });

  it('is another one for every release', () => {
    expect(place(MACHINE_ID)).not.toBe(place(MACHINE_ID, 'v1.0.1'));
  });

  it('spreads hosts evenly from 0 to below 1', () => {
    const places = Array.from({ length: 10_000 }, (_, index) => place(String(index)));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...places)).toBeLessThan(1);
    for (const share of [0.1, 0.5, 0.9]) {
      // Four standard deviations of 10,000 draws at most; the same on every run.
      expect(places.filter((at) => at < share).length / 10_000).toBeCloseTo(share, 1);
    }
  });
});

describe('rolloutShare', () => {
  const rollout = { start: '2026-11-22T00:00:00Z', seconds: 1000, percentage: 50 };
  const after = (seconds: number) => new Date(Date.parse(rollout.start) + seconds * 1000);

  it.each([
    [-1, 0],
    [0, 0],
    [500, 0.25],
    [1000, 0.5],
    [9000, 0.5],
  ])('after %i of 1000 seconds to 50 %% is %f', (seconds, share) => {
    expect(rolloutShare(rollout, after(seconds))).toBe(share);
  });

  it('is the whole percentage at once where it takes no time, and everything where there is no rollout', () => {
    expect(rolloutShare({ ...rollout, seconds: 0 }, after(0))).toBe(0.5);
    expect(rolloutShare({ ...rollout, seconds: 0 }, after(-1))).toBe(0);
    expect(rolloutShare(undefined, after(-1))).toBe(1);
  });
});
