import { StoreError } from '../error.ts';
import type { Clock } from './clock.ts';
import { Transient } from './transient.ts';

/** Tries in a row that may bring nothing before it is given up. */
export const MAX_TRIES = 6;

/** Pause before the second try, in milliseconds; doubles with every further one. */
const FIRST_PAUSE_MS = 500;

/** No pause is longer, whatever a server asks for with `Retry-After`. */
export const MAX_PAUSE_MS = 60_000;

/** So many bytes are progress worth a fresh start. A server that cuts after every few bytes does not get it. */
const PROGRESS_BYTES = 1024 * 1024;

/** What a {@link Patience} works with. */
export interface PatienceMeans {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly onRetry: ((line: string) => void) | undefined;
}

/** How long one file is tried for: exponential back-off, half of every pause at random, a limit on tries in a row. */
export class Patience {
  readonly #means: PatienceMeans;
  #failures = 0;
  #bytes = 0;

  constructor(means: PatienceMeans) {
    this.#means = means;
  }

  /** New bytes arrived, not such that had been read before. */
  progress(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes >= PROGRESS_BYTES) this.#failures = 0;
  }

  /**
   * Waits until the next try is due, or throws what ends it.
   *
   * @param shown the file's address, for the message
   * @throws the signal's reason; `failure` itself unless it is a {@link Transient}; StoreError `STORE_UNREACHABLE`,
   * `STORE_RATE_LIMITED`
   */
  async afterFailure(failure: unknown, shown: string): Promise<void> {
    const { clock, signal, onRetry } = this.#means;
    signal?.throwIfAborted();
    if (!(failure instanceof Transient)) throw failure;

    if (failure.isLimit && failure.retryAfterMs > MAX_PAUSE_MS) throw limited(shown, failure.retryAfterMs);

    this.#failures += 1;
    this.#bytes = 0;
    if (this.#failures >= MAX_TRIES) {
      throw new StoreError('STORE_UNREACHABLE', `${shown} ${failure.message}; tried ${MAX_TRIES} times`, {
        cause: failure.cause,
        hint: 'Look at the network and the server, then run the same command again.',
      });
    }
    const backOff = FIRST_PAUSE_MS * 2 ** (this.#failures - 1);
    const jittered = backOff / 2 + (backOff / 2) * clock.random();
    const pause = Math.min(MAX_PAUSE_MS, Math.max(jittered, failure.retryAfterMs));
    onRetry?.(`${shown} ${failure.message}; trying again in ${Math.ceil(pause / 1000)} s`);
    await clock.sleep(pause, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
  }
}

/** The error for a server that wants to be left alone for longer than we wait. */
export function limited(shown: string, ms: number, cause?: unknown): StoreError {
  const minutes = Math.ceil(ms / 60_000);
  return new StoreError('STORE_RATE_LIMITED', `${shown} wants to be asked again in ${minutes} minutes, not before`, {
    cause,
    hint: 'Run the same command again then. With a token (GITHUB_TOKEN) GitHub allows more.',
  });
}
