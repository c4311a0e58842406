import type { OpenContent, SnapshotContents } from './contents.ts';
import type { Delta, SentFile } from './delta.ts';
import type { FileManner } from './examination.ts';

/** The parent's file that a sent one is compared with. */
export interface Counterpart {
  readonly manner: FileManner;
  readonly path: string;
  /** Open: who asked for the counterpart closes it. */
  readonly content: OpenContent;
}

/** Finds what a sent file was in the parent. */
export class Counterparts {
  readonly #parent: SnapshotContents;
  /** Paths of the parent whose names are gone, by the last component. */
  readonly #goneByName = new Map<string, string[]>();

  constructor({ gone }: Delta, parent: SnapshotContents) {
    this.#parent = parent;
    for (const path of gone) {
      const name = nameOf(path);
      const paths = this.#goneByName.get(name);
      if (paths === undefined) this.#goneByName.set(name, [path]);
      else paths.push(path);
    }
  }

  /**
   * The file itself when it is the parent's; else the one at the same place, else one of the same name and size that is
   * gone. Undefined when there is none.
   */
  async find({ origin, path }: SentFile, size: number): Promise<Counterpart | undefined> {
    if (origin.kind === 'kept') return this.#at('rewritten', origin.path);
    for (const place of origin.places) {
      const there = await this.#at('replaced', place);
      if (there !== undefined) return there;
    }
    return this.#goneWithNameOf(path, size);
  }

  async #goneWithNameOf(path: string, size: number): Promise<Counterpart | undefined> {
    for (const gone of (this.#goneByName.get(nameOf(path)) ?? []).slice(0, MOST_CANDIDATES)) {
      const found = await this.#at('recreated', gone);
      if (found?.content.size === size) return found;
      await found?.content[Symbol.asyncDispose]();
    }
    return undefined;
  }

  async #at(manner: FileManner, path: string): Promise<Counterpart | undefined> {
    const content = await this.#parent.open(path);
    return content === undefined ? undefined : { manner, path, content };
  }
}

/** Of one name that so many removed files have (`index.js`), only the first are tried: blocks are found elsewhere too. */
const MOST_CANDIDATES = 64;

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
