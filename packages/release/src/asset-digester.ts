import { createHash, type Hash } from 'node:crypto';
import { type AssetEntry, CHUNK_BYTES } from './manifest.ts';

/** What the digester learnt of an asset; with a name it is an {@link AssetEntry}. */
export type AssetDigests = Omit<AssetEntry, 'name'>;

/**
 * Digests of one asset while its bytes go by: the whole and every chunk, constant memory, nothing copied.
 * Every byte is hashed twice. Big views are fastest.
 */
export class AssetDigester {
  readonly #chunkBytes: number;
  readonly #whole = createHash('sha256');
  readonly #chunks: string[] = [];
  #chunk: Hash | undefined;
  #inChunk = 0;
  #bytes = 0;

  /** `chunkBytes`: bytes of every chunk but the last. */
  constructor(chunkBytes: number = CHUNK_BYTES) {
    this.#chunkBytes = chunkBytes;
  }

  /** Bytes seen so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes the next bytes; the view is not kept. */
  update(view: Uint8Array): void {
    this.#whole.update(view);
    this.#bytes += view.length;
    for (let start = 0; start < view.length; ) {
      const end = Math.min(view.length, start + this.#chunkBytes - this.#inChunk);
      this.#chunk ??= createHash('sha256');
      this.#chunk.update(view.subarray(start, end));
      this.#inChunk += end - start;
      if (this.#inChunk === this.#chunkBytes) this.#closeChunk();
      start = end;
    }
  }

  /** Ends the asset; can be asked for once. */
  digest(): AssetDigests {
    this.#closeChunk();
    return { bytes: this.#bytes, sha256: this.#whole.digest('hex'), chunks: this.#chunks };
  }

  #closeChunk(): void {
    if (this.#chunk === undefined) return;
    this.#chunks.push(this.#chunk.digest('hex'));
    this.#chunk = undefined;
    this.#inChunk = 0;
  }
}
