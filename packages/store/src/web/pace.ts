import type { Clock } from './clock.ts';
import { Transient } from './transient.ts';

/** Without an answer, or without another byte, for so many milliseconds, a connection is given up. */
const STALL_MS = 30_000;

/** In every span of so many milliseconds that were spent waiting for the server… */
const WINDOW_MS = 60_000;

/** …at least so many bytes must come. Slower is no download; it is a way to keep a host from updating. */
const WINDOW_BYTES = 64 * 1024;

/** Watches how fast one answer comes. Only waiting counts: a slow reader is not the server's fault. */
export class Pace {
  readonly #clock: Clock;
  #waitedMs = 0;
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Waits for what the server sends next, or takes.
   *
   * @param giveUp ends the connection for this reason, upon which `coming` must reject
   * @param stallMs after how long
   */
  async wait<T>(coming: Promise<T>, giveUp: (reason: Transient) => void, stallMs = STALL_MS): Promise<T> {
    const since = this.#clock.now();
    using _ = this.#clock.timer(stallMs, () => giveUp(new Transient(`sent nothing for ${stallMs / 1000} s`)));
    try {
      return await coming;
    } finally {
      this.#waitedMs += this.#clock.now() - since;
    }
  }

  /** Counts bytes that arrived. @throws Transient when too few came for too long */
  arrived(bytes: number): void {
    this.#bytes += bytes;
    if (this.#waitedMs < WINDOW_MS) return;
    if (this.#bytes < WINDOW_BYTES) {
      throw new Transient(`sent ${this.#bytes} bytes in ${WINDOW_MS / 1000} s, expected at least ${WINDOW_BYTES}`);
    }
    this.#waitedMs = 0;
    this.#bytes = 0;
  }
}
