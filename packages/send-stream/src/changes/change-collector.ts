import type { Command } from '../command.ts';
import { CommandReader } from '../command-reader.ts';
import { asRefusal } from '../guard/refusal.ts';
import type { Changes } from './change.ts';
import { listChanges } from './list-changes.ts';
import { ObjectTracker } from './object-tracker.ts';

/**
 * Finds out what an incremental stream changes, from the stream alone, while its bytes go by. Memory grows with the
 * paths that the stream touches, not with its bytes and not with the parent.
 *
 * What the stream does not tell, this does not know:
 * - the parent's hard links: a name that one of its files loses is `removed` although others may be left, and a further
 *   name may be told as a rename;
 * - the types of what is removed or renamed, beyond whether it is a directory;
 * - whether contents that were set anew are other ones (the delta doctor, who sees the parent, knows).
 *
 * @example
 * const collector = new ChangeCollector();
 * for await (const chunk of stream) collector.push(chunk);
 * const { created, changed, removed } = collector.end();
 */
export class ChangeCollector {
  readonly #reader = new CommandReader();
  readonly #tracker = new ObjectTracker();
  #pushed = false;

  /**
   * Takes the next bytes.
   * @throws SendStreamError `SEND_STREAM_…` at the first thing that is not sound, `GUARD_…` for a path that cannot be
   */
  push(chunk: Uint8Array): void {
    this.#pushed = true;
    this.#reader.push(chunk);
    for (let command = this.#reader.read(); command !== undefined; command = this.#reader.read()) this.add(command);
  }

  /** Takes the next command, for who reads the stream already. @throws SendStreamError `GUARD_…` */
  add(command: Command): void {
    try {
      this.#tracker.add(command);
    } catch (error) {
      throw asRefusal(command, error);
    }
  }

  /** What has changed. @throws SendStreamError `SEND_STREAM_TRUNCATED` when pushed bytes are no whole stream */
  end(): Changes {
    if (this.#pushed) this.#reader.end();
    return listChanges(this.#tracker);
  }
}
