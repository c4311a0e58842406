import { ByteQueue } from '../byte-queue.ts';
import { CommandReader } from '../command-reader.ts';
import { displayPath } from '../display-path.ts';
import { ATTRIBUTE, COMMAND } from '../protocol.ts';
import { headOf } from '../stream-head.ts';
import { frameCommand } from '../write/frame-command.ts';

/**
 * Gives the subvolume of a stream another name: rewrites the first command (its path, length and CRC) and lets all that
 * follows through by reference, unread.
 *
 * It holds back only what comes before the end of the first command. It does not judge the rest: put it behind the
 * guard.
 *
 * @example
 * const renamer = new SubvolumeRenamer('.incoming-7');
 * for (const chunk of chunks) send(...renamer.push(guard.push(chunk)));
 * send(...renamer.push(guard.end()));
 */
export class SubvolumeRenamer {
  readonly #name: Uint8Array;
  readonly #held = new ByteQueue();
  /** Undefined once the first command went by. */
  #reader: CommandReader | undefined = new CommandReader();

  /**
   * @param name what the subvolume shall be called: one file name; text is encoded as UTF-8
   * @throws RangeError when Btrfs could not have it as a name
   */
  constructor(name: Uint8Array | string) {
    this.#name = checkedName(typeof name === 'string' ? new TextEncoder().encode(name) : name);
  }

  /**
   * Takes the next bytes of the stream, in any pieces, and gives back what can be passed on: the first command once it
   * is complete, and from then on the given views themselves.
   * @throws SendStreamError `SEND_STREAM_…` when header or first command are not sound, or this names no subvolume
   */
  push(views: readonly Uint8Array[]): readonly Uint8Array[] {
    if (this.#reader === undefined) return views;
    for (const view of views) {
      this.#held.push(view);
      this.#reader.push(view);
    }
    const first = this.#reader.read();
    if (first === undefined) return [];
    // A command was read, so the version is known.
    const version = this.#reader.version as number;
    const { kind } = headOf(first, version);
    const attributes = first.attributes.map((attribute) =>
      attribute.type === ATTRIBUTE.path ? { ...attribute, pieces: [this.#name] } : attribute,
    );
    const type = kind === 'full' ? COMMAND.subvol : COMMAND.snapshot;
    const renamed = frameCommand(type, attributes, version);

    this.#reader = undefined;
    const header = this.#held.take(first.offset);
    this.#held.take(first.length);
    return [...header, ...renamed, ...this.#held.take(this.#held.length)];
  }
}

/** Bytes of the longest file name (`BTRFS_NAME_LEN`). */
const LONGEST_NAME = 255;
const SLASH = 0x2f;

function checkedName(name: Uint8Array): Uint8Array {
  const shown = displayPath(name);
  const isName = name.length > 0 && name.length <= LONGEST_NAME && shown !== '.' && shown !== '..';
  if (isName && !name.includes(0) && !name.includes(SLASH)) return name;
  throw new RangeError(`"${shown}" cannot be the name of a subvolume`);
}
