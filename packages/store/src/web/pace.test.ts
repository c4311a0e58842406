import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/fake-clock.ts';
import { Pace } from './pace.ts';
import { Transient } from './transient.ts';

const never = () => {};

describe('Pace', () => {
  it('bears a reader who takes hours between two pieces', async () => {
    const clock = fakeClock();
    const pace = new Pace(clock);
    for (let piece = 0; piece < 10; piece += 1) {
      await pace.wait(Promise.resolve(), never);
      pace.arrived(1);
      clock.msPerLook = 3_600_000;
      clock.now();
      clock.msPerLook = 0;
    }
  });

  it('begins a new span after one that was fast enough', async () => {
    const clock = fakeClock();
    const pace = new Pace(clock);
    clock.msPerLook = 60_000;
    await pace.wait(Promise.resolve(), never);
    pace.arrived(64 * 1024);
    await pace.wait(Promise.resolve(), never);
    expect(() => pace.arrived(64 * 1024 - 1)).toThrow(Transient);
  });

  it('gives up what does not come, and never what came', async () => {
    const clock = fakeClock();
    const pace = new Pace(clock);
    const reasons: Transient[] = [];
    await pace.wait(Promise.resolve(), (reason) => reasons.push(reason));
    clock.fireTimers();
    expect(reasons).toEqual([]);

    let giveUp: (reason: Transient) => void = never;
    const coming = new Promise((_, reject) => {
      giveUp = reject;
    });
    const waiting = pace.wait(coming, giveUp);
    clock.fireTimers();
    await expect(waiting).rejects.toBeInstanceOf(Transient);
  });
});
