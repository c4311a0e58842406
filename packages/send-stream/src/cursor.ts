import { SendStreamError } from './error.ts';

/** Walks over bytes that lie in several pieces. Every step is checked against the end and named in the error. */
export class Cursor {
  readonly #pieces: readonly Uint8Array[];
  #index = 0;
  #at = 0;
  #offset: number;
  #remaining: number;

  /** @param offset of the first byte, from the start of the stream: what errors count from */
  constructor(pieces: readonly Uint8Array[], offset: number) {
    this.#pieces = pieces;
    this.#offset = offset;
    this.#remaining = pieces.reduce((sum, { length }) => sum + length, 0);
  }

  /** Bytes from the start of the stream to the next one. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes up to the end. */
  get remaining(): number {
    return this.#remaining;
  }

  /** The next two bytes as a little-endian number. */
  u16(field: string): number {
    this.#demand(2, field);
    const low = this.#byte();
    return low | (this.#byte() << 8);
  }

  /** The next `length` bytes, as views of the pieces. */
  views(length: number, field: string): readonly Uint8Array[] {
    this.#demand(length, field);
    this.#offset += length;
    this.#remaining -= length;
    const views: Uint8Array[] = [];
    for (let left = length; left > 0; ) {
      const view = this.#piece().subarray(this.#at, this.#at + left);
      views.push(view);
      this.#at += view.length;
      left -= view.length;
    }
    return views;
  }

  #byte(): number {
    const piece = this.#piece();
    this.#offset += 1;
    this.#remaining -= 1;
    // #piece() never returns one that is used up.
    return piece[this.#at++] as number;
  }

  /** The piece the next byte is in. Only called while bytes remain, so there is one. */
  #piece(): Uint8Array {
    let piece = this.#pieces[this.#index] as Uint8Array;
    while (this.#at === piece.length) {
      this.#index += 1;
      this.#at = 0;
      piece = this.#pieces[this.#index] as Uint8Array;
    }
    return piece;
  }

  #demand(length: number, field: string): void {
    if (length <= this.#remaining) return;
    throw new SendStreamError(
      'SEND_STREAM_BAD_ATTRIBUTE',
      this.#offset,
      `${field} needs ${length} bytes, ${this.#remaining} are left in its command`,
    );
  }
}
