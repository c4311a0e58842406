import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AssetDigester, type AssetDigests, type AssetEntry } from '@goldstream/release';
import { syncDirectory } from '@goldstream/system';

/** How the names of parts end until all of them are on disk. */
export const UNFINISHED = '.partial';

/** A part on disk under the name of its time of writing. */
interface WrittenPart {
  readonly path: string;
  readonly digests: AssetDigests;
}

interface OpenPart {
  readonly path: string;
  readonly file: FileHandle;
  readonly digester: AssetDigester;
}

/**
 * Cuts bytes into files of at most `partSize`, with the digests of each. The files get their names at the end, when all
 * of them are on disk and it is known how many there are; until then those end in {@link UNFINISHED}.
 */
export class PartWriter {
  readonly #directory: string;
  readonly #stem: string;
  readonly #partSize: number;
  readonly #written: WrittenPart[] = [];
  #open: OpenPart | undefined;

  /** `stem`: begins the names of unfinished files. */
  constructor(directory: string, stem: string, partSize: number) {
    this.#directory = directory;
    this.#stem = stem;
    this.#partSize = partSize;
  }

  /** Adds bytes; the view may be used again when this has resolved. */
  async write(view: Uint8Array): Promise<void> {
    for (let start = 0; start < view.length; ) {
      this.#open ??= await this.#openNext();
      const { file, digester } = this.#open;
      const piece = view.subarray(start, start + this.#partSize - digester.bytes);
      // The bytes go to the page cache while they are hashed.
      const writing = writeWhole(file, piece);
      digester.update(piece);
      await writing;
      start += piece.length;
      if (digester.bytes === this.#partSize) await this.#close();
    }
  }

  /** Ends the last part, makes all durable and gives them the names that `nameParts` has for so many. */
  async finish(nameParts: (parts: number) => readonly string[]): Promise<readonly AssetEntry[]> {
    await this.#close();
    const names = nameParts(this.#written.length);
    const assets: AssetEntry[] = [];
    for (const [index, { path, digests }] of this.#written.entries()) {
      // There are as many names as parts.
      const name = names[index] as string;
      await rename(path, join(this.#directory, name));
      assets.push({ name, ...digests });
    }
    await syncDirectory(this.#directory);
    return assets;
  }

  /** Removes what was written and has no name yet. */
  async discard(): Promise<void> {
    const { file, path } = this.#open ?? {};
    this.#open = undefined;
    await file?.close();
    for (const unfinished of [...this.#written.map((part) => part.path), ...(path === undefined ? [] : [path])]) {
      await rm(unfinished, { force: true });
    }
  }

  async #openNext(): Promise<OpenPart> {
    const path = join(this.#directory, `${this.#stem}.${this.#written.length}${UNFINISHED}`);
    return { path, file: await open(path, 'w', 0o644), digester: new AssetDigester() };
  }

  async #close(): Promise<void> {
    if (this.#open === undefined) return;
    const { path, file, digester } = this.#open;
    await file.sync();
    await file.close();
    this.#open = undefined;
    this.#written.push({ path, digests: digester.digest() });
  }
}

async function writeWhole(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let written = 0; written < piece.length; ) {
    written += (await file.write(piece, written, piece.length - written)).bytesWritten;
  }
}
