import { type Runner, syncFilesystem } from '@goldstream/system';

/** So much is written before the disk is told to begin. */
const EVERY_BYTES = 64 * 1024 * 1024;

/**
 * Has a filesystem written to disk while more is coming, so that the disk works meanwhile and the sync at the end is
 * short. Promises nothing about what is on disk: that is the last sync's to say.
 */
export class WriteBack {
  readonly #runner: Runner;
  readonly #path: string;
  #waiting = 0;
  #running: Promise<void> | undefined;

  constructor(runner: Runner, path: string) {
    this.#runner = runner;
    this.#path = path;
  }

  /** So many bytes more were written. Starts a sync when it pays and none is running. */
  add(bytes: number): void {
    this.#waiting += bytes;
    if (this.#waiting < EVERY_BYTES || this.#running !== undefined) return;
    this.#waiting = 0;
    this.#running = syncFilesystem(this.#runner, this.#path)
      // A disk that fails says so to whoever writes, and to the last sync.
      .catch(() => {})
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Waits for the sync that is running. */
  async end(): Promise<void> {
    await this.#running;
  }
}
