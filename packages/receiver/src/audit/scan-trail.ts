import { createHash, type Hash } from 'node:crypto';
import type { AuditEntry } from './entry.ts';
import { parseLine } from './parse-line.ts';
import { type RawLine, readLines } from './read-lines.ts';

/** An entry and where it stands. */
export interface TrailEntry {
  readonly entry: AuditEntry;
  /** From 1, strays counted. */
  readonly line: number;
  /** Offset of its first byte. */
  readonly start: number;
  /** Of its line, newline included. */
  readonly sha256: string;
  /** What stands between the entry before and this one. */
  readonly before: Stray | undefined;
}

/** Lines in a row that are no entries. */
export interface Stray {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly bytes: number;
  /** Of all of them, newlines included; means nothing where `canBeTorn` is false. */
  readonly sha256: string;
  /** Why the first one is none. */
  readonly because: string;
  /** Whether each is short enough to be the beginning of a line that was cut off. */
  readonly canBeTorn: boolean;
}

/** What a whole trail ends with. */
export interface TrailEnd {
  /** What stands behind the last entry. */
  readonly trailing: Stray | undefined;
  /** Bytes of the file as it was read. */
  readonly bytes: number;
}

/** Bytes that appends which were cut off one after the other may leave: one line each, before one is sealed. */
const TORN_BYTES_LIMIT = 256 * 1024;

/** Reads a trail entry by entry; returns what is behind the last one. Never fails for what is in it. */
export async function* scanTrail(source: AsyncIterable<Uint8Array>): AsyncGenerator<TrailEntry, TrailEnd> {
  let start = 0;
  let stray: StrayMaker | undefined;
  for await (const raw of readLines(source)) {
    const found = lookAt(raw);
    if (found.kind === 'entry') {
      yield { entry: found.entry, line: raw.line, start, sha256: raw.sha256, before: stray?.finish() };
      stray = undefined;
    } else {
      stray ??= new StrayMaker(raw.line, found.because);
      stray.add(raw);
    }
    start += raw.length;
  }
  return { trailing: stray?.finish(), bytes: start };
}

function lookAt({ bytes, length, isWhole }: RawLine): ReturnType<typeof parseLine> {
  if (bytes === undefined) return { kind: 'stray', because: `it has ${length} bytes` };
  if (!isWhole) return { kind: 'stray', because: 'it has no end' };
  return parseLine(bytes);
}

/** Gathers the stray lines between two entries. */
class StrayMaker {
  readonly #firstLine: number;
  readonly #because: string;
  readonly #hash: Hash = createHash('sha256');
  #lastLine: number;
  #bytes = 0;
  #canBeTorn = true;

  constructor(firstLine: number, because: string) {
    this.#firstLine = firstLine;
    this.#lastLine = firstLine;
    this.#because = because;
  }

  add({ line, bytes, length, isWhole }: RawLine): void {
    this.#lastLine = line;
    this.#bytes += length;
    if (bytes === undefined || this.#bytes > TORN_BYTES_LIMIT) this.#canBeTorn = false;
    else this.#hash.update(bytes).update(isWhole ? '\n' : '');
  }

  finish(): Stray {
    return {
      firstLine: this.#firstLine,
      lastLine: this.#lastLine,
      bytes: this.#bytes,
      sha256: this.#hash.digest('hex'),
      because: this.#because,
      canBeTorn: this.#canBeTorn,
    };
  }
}
