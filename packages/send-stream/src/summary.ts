import { byteText } from './byte-text.ts';
import type { Command } from './command.ts';
import { CommandReader } from './command-reader.ts';
import { COMMAND, type CommandName } from './protocol.ts';
import { headOf, type StreamHead } from './stream-head.ts';

/** How often a command occurs, and its bytes in the stream, headers included. */
export interface CommandTotals {
  readonly count: number;
  readonly bytes: number;
}

/** What a whole stream holds. */
export interface StreamSummary {
  readonly head: StreamHead;
  /** Bytes of the stream. */
  readonly bytes: number;
  /** By name, in the order of the protocol; only those that occur. */
  readonly commands: Readonly<Partial<Record<CommandName | 'unknown', CommandTotals>>>;
  /** Bytes of file contents that the stream carries, as it carries them (`encoded_write`: compressed). */
  readonly dataBytes: number;
  /** Bytes of file contents that it takes from the parent or from itself instead. */
  readonly clonedBytes: bigint;
  /** Different paths that its commands act on, without the temporary names of `btrfs send` (`o257-7-0`). */
  readonly paths: number;
}

/** Sums up a stream while its bytes go by. The CRC of every command is checked on the way. */
export class Summarizer {
  readonly #reader = new CommandReader();
  readonly #totals = new Map<CommandName | 'unknown', CommandTotals>();
  readonly #paths = new Set<string>();
  #head: StreamHead | undefined;
  #dataBytes = 0;
  #clonedBytes = 0n;

  /** Known as soon as the first command went by. */
  get head(): StreamHead | undefined {
    return this.#head;
  }

  /** @throws SendStreamError `SEND_STREAM_…` at the first thing that is not sound */
  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
    for (let command = this.#reader.read(); command !== undefined; command = this.#reader.read()) this.#add(command);
  }

  /**
   * Says that no more bytes come.
   * @throws SendStreamError `SEND_STREAM_TRUNCATED` when the stream is not complete
   */
  end(): StreamSummary {
    this.#reader.end();
    // A stream that ends in peace has an end command, and #add demanded a head before it.
    const head = this.#head as StreamHead;
    const commands = Object.fromEntries(
      [...COMMAND_ORDER].flatMap((name) => {
        const totals = this.#totals.get(name);
        return totals === undefined ? [] : [[name, totals]];
      }),
    );
    return {
      head,
      bytes: this.#reader.position,
      commands,
      dataBytes: this.#dataBytes,
      clonedBytes: this.#clonedBytes,
      paths: this.#paths.size,
    };
  }

  #add(command: Command): void {
    // A command was read, so the version is known.
    this.#head ??= headOf(command, this.#reader.version as number);
    const { count, bytes } = this.#totals.get(command.kind) ?? { count: 0, bytes: 0 };
    this.#totals.set(command.kind, { count: count + 1, bytes: bytes + command.length });
    if (command.kind === 'write' || command.kind === 'encoded_write') this.#dataBytes += lengthOf(command.data);
    if (command.kind === 'clone') this.#clonedBytes += command.clone_len;
    for (const path of pathsOf(command)) if (!TEMPORARY_NAME.test(path)) this.#paths.add(path);
  }
}

/** Sums up a stream from its first byte to its last. @throws SendStreamError when it is not sound or not complete */
export async function summarizeStream(source: AsyncIterable<Uint8Array>): Promise<StreamSummary> {
  const summarizer = new Summarizer();
  for await (const chunk of source) summarizer.push(chunk);
  return summarizer.end();
}

const COMMAND_ORDER: readonly (CommandName | 'unknown')[] = [
  // The keys of a constant are exactly its names.
  ...(Object.keys(COMMAND) as CommandName[]),
  'unknown',
];

/** `gen_unique_name` in send.c: inode, generation, counter, in the root of the subvolume. */
const TEMPORARY_NAME = /^o\d+-\d+-\d+(\/|$)/;

/** The paths a command acts on, one character a byte. */
function pathsOf(command: Command): readonly string[] {
  if (command.kind === 'unknown' || command.kind === 'end') return [];
  if (command.kind === 'subvol' || command.kind === 'snapshot') return [];
  return command.kind === 'rename' ? [byteText(command.path), byteText(command.path_to)] : [byteText(command.path)];
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
