/**
 * What a command opened and needs until its last step: given back in reverse order when the program ends. (Node 22 has
 * no AsyncDisposableStack.)
 */
export class Belongings implements AsyncDisposable {
  readonly #kept: AsyncDisposable[] = [];

  /** Keeps a thing and gives it back to the caller. */
  keep<Thing extends AsyncDisposable>(thing: Thing): Thing {
    this.#kept.push(thing);
    return thing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let thing = this.#kept.pop(); thing !== undefined; thing = this.#kept.pop()) {
      await thing[Symbol.asyncDispose]();
    }
  }
}
