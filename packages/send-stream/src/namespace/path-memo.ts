/** Remembers what the last path led to: consecutive commands of a stream name the same file, a large one thousands of times. */
export class PathMemo<Value extends object> {
  /** A copy, because the chunk that held the path is used again. Grows to the longest path asked for. */
  #path = new Uint8Array(256);
  #length = -1;
  #value: Value | undefined;

  /** What was remembered for exactly these bytes. */
  get(path: Uint8Array): Value | undefined {
    const { length } = path;
    if (length !== this.#length) return undefined;
    // From the end: neighbouring paths begin alike.
    for (let at = length - 1; at >= 0; at--) if (path[at] !== this.#path[at]) return undefined;
    return this.#value;
  }

  set(path: Uint8Array, value: Value): void {
    if (path.length > this.#path.length) this.#path = new Uint8Array(2 * path.length);
    this.#path.set(path);
    this.#length = path.length;
    this.#value = value;
  }

  forget(): void {
    this.#length = -1;
    this.#value = undefined;
  }
}
