/**
 * Bytes that came in chunks and leave in other portions, by reference: nothing is copied, so a chunk must not be
 * changed until all of it was taken.
 */
export class ByteQueue {
  #chunks: Uint8Array[] = [];
  /** Index of the first chunk that still has bytes. */
  #first = 0;
  /** Bytes already taken from that chunk. */
  #taken = 0;
  #length = 0;
  #position = 0;

  /** Bytes waiting. */
  get length(): number {
    return this.#length;
  }

  /** Bytes taken so far: the offset of the next one from the start of the stream. */
  get position(): number {
    return this.#position;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /**
   * The next bytes in one piece, at most `most`, without taking them. Copies them when they lie in several chunks: for
   * headers.
   */
  peek(most: number): Uint8Array {
    const length = Math.min(most, this.#length);
    const first = this.#chunks[this.#first];
    if (first === undefined || first.length - this.#taken >= length) {
      return first?.subarray(this.#taken, this.#taken + length) ?? EMPTY;
    }
    const joined = new Uint8Array(length);
    let at = 0;
    let from = this.#taken;
    for (let index = this.#first; at < length; index++, from = 0) {
      const piece = this.#chunk(index).subarray(from, from + length - at);
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  }

  /** Takes `length` bytes, no more than are waiting, as views of the chunks they came in. */
  take(length: number): readonly Uint8Array[] {
    if (length > this.#length) throw new RangeError(`${length} bytes asked for, ${this.#length} are waiting`);
    this.#length -= length;
    this.#position += length;
    const views: Uint8Array[] = [];
    for (let left = length; left > 0; ) {
      const chunk = this.#chunk(this.#first);
      const view = chunk.subarray(this.#taken, this.#taken + left);
      views.push(view);
      left -= view.length;
      this.#taken += view.length;
      if (this.#taken === chunk.length) this.#dropFirst();
    }
    return views;
  }

  #chunk(index: number): Uint8Array {
    // Callers stay below #length, so there is a chunk.
    return this.#chunks[index] as Uint8Array;
  }

  #dropFirst(): void {
    this.#chunks[this.#first] = EMPTY;
    this.#first += 1;
    this.#taken = 0;
    // Forgotten slots are given back when they are half of the array, so that a queue of tiny chunks stays linear.
    if (this.#first * 2 >= this.#chunks.length) {
      this.#chunks = this.#chunks.slice(this.#first);
      this.#first = 0;
    }
  }
}

const EMPTY = new Uint8Array(0);
