import type { Command } from './command.ts';
import { CommandReader } from './command-reader.ts';
import { displayPath } from './display-path.ts';
import { SendStreamError } from './error.ts';

/** What a stream says of itself in its header and first command. */
export interface StreamHead {
  /** Protocol version. */
  readonly version: number;
  readonly kind: 'full' | 'incremental';
  /** The subvolume's name; bytes that are not UTF-8 as {@link displayPath} shows them. */
  readonly name: string;
  /** UUID of the snapshot where it was made, lower case with dashes: what becomes the received UUID. */
  readonly uuid: string;
  /** The transaction in which the snapshot was last changed where it was made: what becomes `stransid`. */
  readonly transid: bigint;
  /** Only in incremental streams. Its transid is the sender's local number and must not be compared with anything. */
  readonly parent?: { readonly uuid: string; readonly transid: bigint };
}

/**
 * The head, from the first command of a stream.
 * @throws SendStreamError `SEND_STREAM_NO_SUBVOLUME` when that is neither subvol nor snapshot
 */
export function headOf(first: Command, version: number): StreamHead {
  if (first.kind !== 'subvol' && first.kind !== 'snapshot') {
    const problem = `the first command is ${first.kind}, expected subvol or snapshot`;
    throw new SendStreamError('SEND_STREAM_NO_SUBVOLUME', first.offset, problem);
  }
  const own = { version, name: textOf(first.path), uuid: first.uuid, transid: first.ctransid };
  if (first.kind === 'subvol') return { kind: 'full', ...own };
  return { kind: 'incremental', ...own, parent: { uuid: first.clone_uuid, transid: first.clone_ctransid } };
}

/** Finds the head of a stream while its bytes go by, and looks at no byte after it. */
export class HeadReader {
  readonly #reader = new CommandReader();
  #head: StreamHead | undefined;

  /** The head, once it is known. */
  get head(): StreamHead | undefined {
    return this.#head;
  }

  /**
   * Looks at the next bytes; gives back the head as soon as it is known.
   * @throws SendStreamError `SEND_STREAM_…` when this is no send stream or its first command is not sound
   */
  push(chunk: Uint8Array): StreamHead | undefined {
    if (this.#head !== undefined) return this.#head;
    this.#reader.push(chunk);
    const first = this.#reader.read();
    // A command was read, so the version is known.
    if (first !== undefined) this.#head = headOf(first, this.#reader.version as number);
    return this.#head;
  }

  /**
   * The head, when no more bytes come.
   * @throws SendStreamError `SEND_STREAM_TRUNCATED` or `SEND_STREAM_BAD_MAGIC` when there is none
   */
  end(): StreamHead {
    if (this.#head !== undefined) return this.#head;
    this.#reader.end();
    // A reader without a first command does not end in peace.
    throw new Error('a stream ended without a command');
  }
}

function textOf(name: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(name);
  } catch {
    return displayPath(name);
  }
}
