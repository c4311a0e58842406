import { finalNames } from './changes/final-names.ts';
import type { Finding } from './changes/finding.ts';
import { listFindings, WEIGHT } from './changes/list-findings.ts';
import { type LargePath, listLargest } from './changes/list-largest.ts';
import { ObjectTracker } from './changes/object-tracker.ts';
import type { Command } from './command.ts';
import { CommandReader } from './command-reader.ts';
import { NameProblem } from './namespace/name-problem.ts';
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
  /** Names that it makes, changes, takes away or passes through, without the temporary ones of `btrfs send` (`o257-7-0`). */
  readonly paths: number;
  /** The twenty files of which it brings most, largest first. */
  readonly largest: readonly LargePath[];
  /** What a policy is about, sorted by path. */
  readonly findings: readonly Finding[];
}

/**
 * Sums up a stream while its bytes go by. The CRC of every command is checked on the way; a sound stream that makes no
 * sense is summed up too, with a finding. Memory grows with the names that the stream touches.
 */
export class Summarizer {
  readonly #reader = new CommandReader();
  readonly #totals = new Map<CommandName | 'unknown', CommandTotals>();
  readonly #tracker = new ObjectTracker();
  readonly #findings: Finding[] = [];
  #confused = false;
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
    const names = finalNames(this.#tracker.names);
    return {
      head,
      bytes: this.#reader.position,
      commands,
      dataBytes: this.#dataBytes,
      clonedBytes: this.#clonedBytes,
      paths: countNames(this.#tracker),
      largest: listLargest(this.#tracker, names, LARGEST),
      findings: [...this.#findings, ...listFindings(this.#tracker, names)],
    };
  }

  #add(command: Command): void {
    // A command was read, so the version is known.
    this.#head ??= headOf(command, this.#reader.version as number);
    const { count, bytes } = this.#totals.get(command.kind) ?? { count: 0, bytes: 0 };
    this.#totals.set(command.kind, { count: count + 1, bytes: bytes + command.length });
    if (command.kind === 'write' || command.kind === 'encoded_write') this.#dataBytes += lengthOf(command.data);
    if (command.kind === 'clone') this.#clonedBytes += command.clone_len;
    if (command.kind === 'update_extent' && count === 0) {
      this.#findings.push({ kind: 'no-data', weight: WEIGHT['no-data'], says: 'file contents were left out' });
    }
    try {
      this.#tracker.add(command);
    } catch (error) {
      if (!(error instanceof NameProblem)) throw error;
      const says = `byte ${command.offset}: ${command.kind}: ${error.message}`;
      // One such command makes more of them.
      if (!this.#confused) this.#findings.push({ kind: 'names', weight: WEIGHT.names, says });
      this.#confused = true;
    }
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

/** How many of the largest files are told. */
const LARGEST = 20;

/** `gen_unique_name` in send.c: inode, generation, counter, in the root of the subvolume. */
const TEMPORARY_NAME = /^o\d+-\d+-\d+(\/|$)/;

/** The root counts as one. */
function countNames({ names }: ObjectTracker): number {
  let count = 1;
  for (const { directory, name } of names.names()) {
    if (!TEMPORARY_NAME.test(directory === '' ? name : directory)) count += 1;
  }
  return count;
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
