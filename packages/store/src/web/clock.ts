import { setTimeout as wait } from 'node:timers/promises';

/** Time and chance, handed in so that tests wait for nothing. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** The time of day, in milliseconds since 1970. */
  date(): number;
  /** A number from 0 up to, not including, 1. */
  random(): number;
  /** Waits so many milliseconds. Rejects when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** Calls `onDue` after so many milliseconds, unless it is disposed of before. */
  timer(ms: number, onDue: () => void): Disposable;
}

/** The machine's own. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: Date.now,
  random: Math.random,
  sleep: async (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }),
  timer(ms, onDue) {
    const handle = setTimeout(onDue, ms);
    return { [Symbol.dispose]: () => clearTimeout(handle) };
  },
};
