/** Extras of a {@link Transient}. */
export interface TransientExtras {
  /** What the server asked to be left alone for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** To ask any sooner would make it worse: with a time that is too long to wait for, it is given up. */
  readonly isLimit?: boolean | undefined;
  readonly cause?: unknown;
}

/** A failure that may be gone at the next try. Never leaves this folder: `Patience` decides what becomes of it. */
export class Transient extends Error {
  readonly retryAfterMs: number;
  readonly isLimit: boolean;

  /** @param message what happened, as the end of a sentence that begins with the file's address */
  constructor(message: string, { retryAfterMs = 0, isLimit = false, cause }: TransientExtras = {}) {
    super(message, { cause });
    this.name = 'Transient';
    this.retryAfterMs = retryAfterMs;
    this.isLimit = isLimit;
  }
}
