import { TransferError } from './error.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** How long nothing may come, and who may end the waiting. */
export interface Patience {
  /** What is waited for, as in messages: `standard input`. */
  readonly what: string;
  readonly milliseconds: number;
  /** Ends the waiting at once, with its reason. */
  readonly signal: AbortSignal;
}

/** How long a source that is still busy may take to close what it holds. */
const CLOSE_MILLISECONDS = 1000;

/**
 * The same bytes, but no wait for the next ones is longer than allowed. The time in which nobody asks does not count.
 * A source that never answers is left as it is: who opened it closes it.
 * @throws TransferError `TRANSFER_STALLED`
 */
export async function* unlessStalled(source: Bytes, patience: Patience): AsyncGenerator<Uint8Array, void, void> {
  const bytes = source[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await inTime(bytes.next(), patience);
      if (next.done) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    // A generator that waits for something answers this only when its wait is over.
    const closed = ended ? undefined : bytes.return?.();
    const limit = { ...patience, milliseconds: CLOSE_MILLISECONDS, signal: new AbortController().signal };
    if (closed !== undefined) await inTime(closed, limit).catch(() => {});
  }
}

/** An answer, unless it takes longer than is waited for. @throws TransferError `TRANSFER_STALLED` */
export async function inTime<T>(answer: Promise<T>, { what, milliseconds, signal }: Patience): Promise<T> {
  signal.throwIfAborted();
  let forget = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(stalled(what, milliseconds)), milliseconds);
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    forget = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
  });
  try {
    return await Promise.race([answer, givenUp]);
  } finally {
    forget();
  }
}

function stalled(what: string, milliseconds: number): TransferError {
  return new TransferError('TRANSFER_STALLED', `nothing came from ${what} for ${milliseconds / 1000} s`, {
    hint: 'See why it stopped; --timeout sets how long to wait.',
  });
}
