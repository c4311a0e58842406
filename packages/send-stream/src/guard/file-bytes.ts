import type { Command } from '../command.ts';
import type { Entry } from '../namespace/entry.ts';
import { refusal } from './refusal.ts';

/**
 * Counts how large a stream makes its files, all together, up to the apparent bytes of the finished snapshot.
 *
 * `btrfs send` goes through a snapshot inode by inode and writes to each in one go, never beyond its final size. So the
 * sum of how far each run of writes reaches is never more than the snapshot has, and only the file that is written at
 * the moment has to be remembered; a stream that comes back to a file has it counted again.
 */
export class FileBytes {
  readonly #most: number;
  #before = 0n;
  #current: Entry | undefined;
  #reached = 0n;

  /** @param most bytes */
  constructor(most: number) {
    this.#most = most;
  }

  /** A file was made to reach up to `end`; `GUARD_TOO_LARGE` when that is too far. */
  reach(command: Command, entry: Entry, end: bigint): void {
    if (entry !== this.#current) {
      this.#before += this.#reached;
      this.#reached = 0n;
      this.#current = entry;
    }
    if (end > this.#reached) this.#reached = end;
    const total = this.#before + this.#reached;
    // A bigint and a number compare by value.
    if (total <= this.#most) return;
    const problem = `with it the files written so far have ${total} bytes, the snapshot has ${this.#most}`;
    throw refusal(command, 'GUARD_TOO_LARGE', problem);
  }
}
