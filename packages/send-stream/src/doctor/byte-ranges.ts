/** Bytes of a file from `start` up to, and without, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A set of bytes of one file, as ascending ranges that do not touch each other. */
export class ByteRanges implements Iterable<ByteRange> {
  readonly #added: ByteRange[] = [];
  #isSorted = true;

  /** Adds the range; bytes that are in the set already count once. Cheap when ranges come in ascending order. */
  add(start: number, end: number): void {
    if (end <= start) return;
    const last = this.#added.at(-1);
    if (last?.end === start) this.#added[this.#added.length - 1] = { start: last.start, end };
    else {
      this.#added.push({ start, end });
      if (last !== undefined && start < last.end) this.#isSorted = false;
    }
  }

  /** Those of them that lie below `size`. */
  within(size: number): ByteRanges {
    const kept = new ByteRanges();
    for (const { start, end } of this) kept.add(start, Math.min(end, size));
    return kept;
  }

  /** The bytes below `size` that are not in the set. */
  gaps(size: number): ByteRanges {
    const gaps = new ByteRanges();
    let at = 0;
    for (const { start, end } of this.within(size)) {
      gaps.add(at, start);
      at = end;
    }
    gaps.add(at, size);
    return gaps;
  }

  /** How many bytes these are. */
  get bytes(): number {
    return [...this].reduce((sum, { start, end }) => sum + end - start, 0);
  }

  [Symbol.iterator](): Iterator<ByteRange> {
    if (!this.#isSorted) this.#sort();
    return this.#added[Symbol.iterator]();
  }

  #sort(): void {
    const ranges = this.#added.splice(0).sort((a, b) => a.start - b.start);
    this.#isSorted = true;
    for (const { start, end } of ranges) {
      const last = this.#added.at(-1);
      if (last === undefined || start > last.end) this.#added.push({ start, end });
      else this.#added[this.#added.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    }
  }
}
