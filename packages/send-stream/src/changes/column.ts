type Cells = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** A number for each index, 0 until it is set, without an object for any of them. */
export class Column {
  readonly #Cells: new (
    length: number,
  ) => Cells;
  #cells: Cells;

  /** @param Cells what the numbers are kept in: `Float64Array` for whole numbers up to 2^53 */
  constructor(Cells: new (length: number) => Cells) {
    this.#Cells = Cells;
    this.#cells = new Cells(64);
  }

  get(index: number): number {
    const value = this.#cells[index] ?? 0;
    const short = value | 0;
    // V8 has room for a short number where it is named, and makes an object for each that comes out of a Float64Array.
    return short === value ? short : value;
  }

  set(index: number, value: number): void {
    if (index >= this.#cells.length) {
      const cells = new this.#Cells(2 * index);
      cells.set(this.#cells);
      this.#cells = cells;
    }
    this.#cells[index] = value;
  }
}
