import type { FileHandle } from 'node:fs/promises';
import type { LogEntry, LoggedWrite } from './write-log.ts';

/**
 * Rebuilds a disk from the log of what it was asked to do, forwards only: the image has what was durable, and what waits for a
 * flush is kept apart, so that a copy can be given any part of it.
 */
export class Replay {
  readonly #entries: readonly LogEntry[];
  readonly #log: FileHandle;
  readonly #image: FileHandle;
  #position = 0;
  #waiting: { readonly write: LoggedWrite; readonly fua: boolean }[] = [];

  constructor(entries: readonly LogEntry[], log: FileHandle, image: FileHandle) {
    this.#entries = entries;
    this.#log = log;
    this.#image = image;
  }

  /** Goes on until the disk has taken `position` entries. */
  async advanceTo(position: number): Promise<void> {
    for (const { flush, fua, write } of this.#entries.slice(this.#position, position)) {
      if (flush) await this.#settle();
      if (write !== undefined) this.#waiting.push({ write, fua });
    }
    this.#position = Math.max(position, this.#position);
  }

  /**
   * Gives a copy of the image those of the writes that wait for a flush which `survives` picks, in their order; those
   * that did not need one (FUA) always. Tells how many were lost.
   */
  async applyWaiting(copy: FileHandle, survives: () => boolean): Promise<number> {
    let lost = 0;
    for (const { write, fua } of this.#waiting) {
      if (survives() || fua) await this.#apply(write, copy);
      else lost++;
    }
    return lost;
  }

  async #settle(): Promise<void> {
    for (const { write } of this.#waiting.splice(0)) await this.#apply(write, this.#image);
  }

  async #apply({ at, length, inLog }: LoggedWrite, image: FileHandle): Promise<void> {
    const bytes = Buffer.allocUnsafe(length);
    await this.#log.read(bytes, 0, length, inLog);
    await image.write(bytes, 0, length, at);
  }
}
