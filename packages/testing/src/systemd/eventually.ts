import { setTimeout as wait } from 'node:timers/promises';
import { TestingError } from '../error.ts';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 20;

/**
 * Looks again and again until `look` gives something, and gives it back. For what the kernel or systemd announces
 * in no other way. The patience is that of a machine in trouble, never part of what a test measures.
 *
 * @param signal ends the waiting when it came true that there is nothing to wait for
 * @throws TestingError `TESTING_TIMEOUT`, saying `what` did not come true
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  signal?: AbortSignal,
): Promise<T> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await wait(PAUSE_MS)) {
    signal?.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new TestingError('TESTING_TIMEOUT', `waited ${PATIENCE_MS / 1000} s in vain until ${what}`);
}
