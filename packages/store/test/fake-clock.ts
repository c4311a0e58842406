import type { Clock } from '../src/web/clock.ts';

/** A clock that a test moves. */
export interface FakeClock extends Clock {
  /** Every sleep so far, in milliseconds; none takes any time. */
  readonly slept: readonly number[];
  /** By so much time goes on whenever somebody looks. */
  msPerLook: number;
  /** Lets every running timer be due. */
  fireTimers(): void;
}

/** Chance gives one half, unless told otherwise. */
export function fakeClock({ random = 0.5, date = 0 } = {}): FakeClock {
  const slept: number[] = [];
  const timers = new Set<() => void>();
  let time = 0;
  return {
    slept,
    msPerLook: 0,
    now() {
      time += this.msPerLook;
      return time;
    },
    date: () => date,
    random: () => random,
    async sleep(ms, signal) {
      slept.push(ms);
      signal?.throwIfAborted();
    },
    timer(_, onDue) {
      timers.add(onDue);
      return { [Symbol.dispose]: () => timers.delete(onDue) };
    },
    fireTimers() {
      for (const onDue of [...timers]) onDue();
    },
  };
}
