import type { Bytes } from './store.ts';

const NOTHING: Uint8Array = new Uint8Array();

/**
 * Puts small pieces together in views of `size`, the last one shorter, one view ahead of who asks: the next one is
 * gathered while the last one is worked on, in two buffers that take turns. A view is valid until the next one is asked
 * for; so is a piece.
 */
export async function* readAhead(pieces: Bytes, size: number): Bytes {
  const gatherer = new Gatherer(pieces);
  let [filling, spare] = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)];
  const begin = () => {
    const gathered = gatherer.fill(filling);
    // Awaited at the next turn; should that turn never come, then in `finally`.
    gathered.catch(() => {});
    [filling, spare] = [spare, filling];
    return gathered;
  };
  let ahead = begin();
  try {
    while (true) {
      const view = await ahead;
      if (view.length === 0) return;
      ahead = begin();
      yield view;
    }
  } finally {
    // What is gathered from must not be closed under a read.
    await ahead.catch(() => {});
    await gatherer.close();
  }
}

/** Takes pieces out of one source as they are wanted. */
class Gatherer {
  readonly #source: AsyncIterator<Uint8Array>;
  /** Of the last piece, what did not fit. */
  #rest = NOTHING;

  constructor(pieces: Bytes) {
    this.#source = pieces[Symbol.asyncIterator]();
  }

  /** Fills a buffer from its start; shorter at the end, and empty after it. */
  async fill(buffer: Uint8Array): Promise<Uint8Array> {
    for (let filled = 0; ; ) {
      const taken = Math.min(this.#rest.length, buffer.length - filled);
      buffer.set(this.#rest.subarray(0, taken), filled);
      this.#rest = this.#rest.subarray(taken);
      filled += taken;
      if (filled === buffer.length) return buffer;
      const { done, value } = await this.#source.next();
      if (done === true) return buffer.subarray(0, filled);
      this.#rest = value;
    }
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
