import { hash } from 'node:crypto';

/** 32-bit words of a key: 128 bits of SHA-256. */
const KEY_WORDS = 4;

/**
 * Finds blocks again by their content. A slot costs 20 bytes and at most half of them are taken: {@link MOST_BLOCKS}
 * stay within 40 MiB, and within 60 MiB while the table grows.
 */
export class BlockIndex {
  readonly #mostBlocks: number;
  #keys = new Uint32Array(FEWEST_SLOTS * KEY_WORDS);
  /** The file of each slot, plus one; 0 is a free slot. */
  #files = new Uint32Array(FEWEST_SLOTS);
  #blocks = 0;

  constructor(mostBlocks = MOST_BLOCKS) {
    this.#mostBlocks = mostBlocks;
  }

  /** Whether no further block is taken. */
  get isFull(): boolean {
    return this.#blocks >= this.#mostBlocks;
  }

  /** Notes that the file of this number holds the block. The first file that holds a block stays its file. */
  add(block: Uint8Array, file: number): void {
    if (this.isFull) return;
    if (this.#blocks * 2 >= this.#files.length) this.#grow();
    const key = keyOf(block);
    const slot = slotOf(this.#files, this.#keys, key);
    if (this.#files[slot] !== 0) return;
    this.#keys.set(key, slot * KEY_WORDS);
    this.#files[slot] = file + 1;
    this.#blocks += 1;
  }

  /** The number of a file that holds this very content; undefined when none is known. */
  find(block: Uint8Array): number | undefined {
    const file = this.#files[slotOf(this.#files, this.#keys, keyOf(block))];
    return file === undefined || file === 0 ? undefined : file - 1;
  }

  #grow(): void {
    const [keys, files] = [this.#keys, this.#files];
    this.#keys = new Uint32Array(keys.length * 2);
    this.#files = new Uint32Array(files.length * 2);
    for (const [slot, file] of files.entries()) {
      if (file === 0) continue;
      const key = keys.subarray(slot * KEY_WORDS, (slot + 1) * KEY_WORDS);
      const free = slotOf(this.#files, this.#keys, key);
      this.#keys.set(key, free * KEY_WORDS);
      this.#files[free] = file;
    }
  }
}

/** Blocks that are remembered: 4 GiB of contents. */
const MOST_BLOCKS = 2 ** 20;

/** A power of two, as every later number of slots. */
const FEWEST_SLOTS = 4096;

function keyOf(block: Uint8Array): Uint32Array {
  const digest = hash('sha256', block, 'buffer');
  const key = new Uint32Array(KEY_WORDS);
  for (let word = 0; word < KEY_WORDS; word += 1) key[word] = digest.readUInt32LE(word * 4);
  return key;
}

/** The slot that holds the key, or the free one where it belongs. There always is one: half of them are free. */
function slotOf(files: Uint32Array, keys: Uint32Array, key: Uint32Array): number {
  const mask = files.length - 1;
  let slot = (key[0] ?? 0) & mask;
  while (files[slot] !== 0 && !holds(keys, slot * KEY_WORDS, key)) slot = (slot + 1) & mask;
  return slot;
}

function holds(keys: Uint32Array, at: number, key: Uint32Array): boolean {
  for (let word = 0; word < KEY_WORDS; word += 1) if (keys[at + word] !== key[word]) return false;
  return true;
}
