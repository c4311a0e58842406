/** Where a long step tells how far it is. One piece of work at a time; `start` of the next ends the one before. */
export interface Progress {
  /** @param work what is being done, in a few words, and its size in bytes where it is known */
  start(work: { readonly label: string; readonly totalBytes?: number }): void;
  /** So many bytes more. Cheap: may be called for every chunk. */
  advance(bytes: number): void;
  /** The end of this work, also when it failed. */
  stop(): void;
}

/** For callers that have nobody to tell. */
export const noProgress: Progress = { start() {}, advance() {}, stop() {} };
