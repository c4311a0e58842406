import type { Command } from '../command.ts';
import { escapedBytes } from '../display-path.ts';
import { type DumpStyle, renderFields } from './render-fields.ts';
import { joinPath, untilNul } from './text.ts';

/**
 * Prints a stream as `btrfs receive --dump` does, byte for byte: one line for each command, none for `end` and for what
 * the protocol does not know. Times are in UTC: the tool's are local ones, so it says the same with `TZ=UTC`.
 *
 * Not copied are the tool's limits: it stops at paths beyond 4096 bytes and at years beyond 2^31, and shows of the
 * length of a `clone` the lower 32 bits alone.
 *
 * @example
 * const dumper = new Dumper();
 * for await (const command of readCommands(source)) out.write(dumper.push(command));
 */
export class Dumper {
  readonly #style: DumpStyle;
  /** What paths are prefixed with: `.` and the name of the subvolume. One character a byte. */
  #subvolume = ROOT;

  /** @param style `classic` lets bytes of the stream through raw; take `escaped` where a terminal shows them */
  constructor(style: DumpStyle = 'classic') {
    this.#style = style;
  }

  /** The line of the next command with its line feed, in bytes; empty for a command that has none. */
  push(command: Command): Uint8Array {
    if (command.kind === 'unknown' || command.kind === 'end') return NOTHING;
    const path = untilNul(command.path);
    const isHead = command.kind === 'subvol' || command.kind === 'snapshot';
    if (isHead) this.#subvolume = joinPath(ROOT, path);
    const shown = escapedBytes(isHead ? this.#subvolume : joinPath(this.#subvolume, path));
    const fields = renderFields(command, this.#subvolume, this.#style);
    const columns = fields === undefined ? shown : `${shown.padEnd(PATH_COLUMNS - 1)} ${fields}`;
    return Buffer.from(`${command.kind.padEnd(KIND_COLUMNS)}${columns}\n`, 'latin1');
  }
}

const ROOT = '.';
const KIND_COLUMNS = 16;
const PATH_COLUMNS = 32;
const NOTHING = new Uint8Array(0);
