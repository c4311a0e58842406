/** Entries in the order of the bytes of their paths, whatever order they come in. */
export class SortedList<Entry> {
  readonly #keyed: { readonly path: string; readonly entry: Entry }[] = [];

  /** @param path one character a byte */
  add(path: string, entry: Entry): void {
    this.#keyed.push({ path, entry });
  }

  entries(): readonly Entry[] {
    this.#keyed.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    return this.#keyed.map(({ entry }) => entry);
  }
}
