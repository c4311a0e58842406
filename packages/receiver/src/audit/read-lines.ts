import { createHash } from 'node:crypto';
import { LINE_BYTES_LIMIT } from './render-entry.ts';

/** One line of a file, as far as it can be looked at. */
export interface RawLine {
  /** From 1. */
  readonly line: number;
  /** Without the newline; `undefined` when it is longer than a line may be. */
  readonly bytes: Uint8Array | undefined;
  /** Of all of it, the newline included. */
  readonly length: number;
  readonly sha256: string;
  /** Whether a newline ends it; only the last line can be without. */
  readonly isWhole: boolean;
}

const NEWLINE = 0x0a;

/** Cuts bytes into lines, keeping one at a time and never more of it than a line may have, however long it is. */
export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<RawLine> {
  let made = new LineMaker(1);
  for await (const chunk of source) {
    for (let start = 0; start < chunk.length; ) {
      const newline = chunk.indexOf(NEWLINE, start);
      const end = newline < 0 ? chunk.length : newline + 1;
      made.add(chunk.subarray(start, end));
      if (newline >= 0) {
        yield made.finish(true);
        made = new LineMaker(made.line + 1);
      }
      start = end;
    }
  }
  if (made.length > 0) yield made.finish(false);
}

class LineMaker {
  readonly line: number;
  length = 0;
  readonly #hash = createHash('sha256');
  readonly #bytes = Buffer.allocUnsafe(LINE_BYTES_LIMIT);

  constructor(line: number) {
    this.line = line;
  }

  add(piece: Uint8Array): void {
    this.#hash.update(piece);
    if (this.length + piece.length <= LINE_BYTES_LIMIT) this.#bytes.set(piece, this.length);
    this.length += piece.length;
  }

  finish(isWhole: boolean): RawLine {
    const { line, length } = this;
    const fits = length <= LINE_BYTES_LIMIT;
    return {
      line,
      length,
      bytes: fits ? this.#bytes.subarray(0, isWhole ? length - 1 : length) : undefined,
      sha256: this.#hash.digest('hex'),
      isWhole,
    };
  }
}
