/** Entries in the order of the bytes of their paths, whatever order they come in. */
export class SortedList<Entry> {
  readonly #paths: string[] = [];
  readonly #entries: Entry[] = [];

  /** @param path one character a byte */
  add(path: string, entry: Entry): void {
    this.#paths.push(path);
    this.#entries.push(entry);
  }

  entries(): readonly Entry[] {
    // Places are sorted, not entries with their paths: a million of them need no million pairs.
    const order = Uint32Array.from(this.#paths.keys()).sort((a, b) => compare(this.#paths[a], this.#paths[b]));
    // Every place has an entry.
    return Array.from(order, (at) => this.#entries[at] as Entry);
  }
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
