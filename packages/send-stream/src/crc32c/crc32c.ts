import { foldTables } from './fold-tables.ts';
import { crc32cByTable } from './table.ts';
import { BLOCK_LENGTH, DATA_ADDRESS, foldModule, STATE_ADDRESS, TABLES_ADDRESS, WINDOW_LENGTH } from './wasm-module.ts';

/**
 * The CRC of `btrfs send`: CRC-32C (Castagnoli, RFC 3720) from `seed`, without the usual inversions before and after.
 * Continues over pieces: `crc32c(b, crc32c(a))` is that of `a` followed by `b`.
 *
 * Node has no CRC-32C of its own, an addon cannot live inside a single executable, and tables alone stay below 1 GB/s;
 * so long inputs are folded in WebAssembly, which reaches what the CPU's CRC instruction does.
 *
 * @param seed the CRC of what came before, 0 at the start
 * @returns unsigned, 32 bits
 */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  if (fold === undefined || bytes.length < WORTH_FOLDING) return crc32cByTable(bytes, seed);
  let crc = seed;
  let done = 0;
  while (bytes.length - done >= WORTH_FOLDING) {
    const length = Math.min(bytes.length - done, WINDOW_LENGTH);
    const whole = length - (length % BLOCK_LENGTH);
    crc = crc32cByTable(fold(bytes.subarray(done, done + whole), crc), 0);
    done += whole;
  }
  return crc32cByTable(bytes.subarray(done), crc);
}

/** Below this many bytes the way into WebAssembly costs more than it saves. At least two blocks. */
const WORTH_FOLDING = 2 * BLOCK_LENGTH;

/** Reduces whole blocks, at least two, to one block that has the same CRC from seed 0. */
type Fold = (blocks: Uint8Array, seed: number) => Uint8Array;

const fold = instantiateFold();

/** Whether long inputs are folded here, or go by table. */
export const FOLDS: boolean = fold !== undefined;

/** What is used of WebAssembly: its types come with the DOM's, which Node programs leave out. */
declare const WebAssembly:
  | {
      validate(module: Uint8Array): boolean;
      Module: new (module: Uint8Array) => object;
      Instance: new (module: object) => { readonly exports: unknown };
    }
  | undefined;

/** Undefined where there is no WebAssembly with relaxed SIMD: everything before Node 22, and `--jitless`. */
function instantiateFold(): Fold | undefined {
  const module = foldModule();
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(module)) return undefined;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module));
  // What the module exports is written down in wasm-module.ts.
  const { memory, fold } = exports as {
    memory: { readonly buffer: ArrayBuffer };
    fold: (start: number, end: number) => void;
  };

  const heap = new Uint8Array(memory.buffer);
  const state = heap.subarray(STATE_ADDRESS, STATE_ADDRESS + BLOCK_LENGTH);
  const data = heap.subarray(DATA_ADDRESS, DATA_ADDRESS + WINDOW_LENGTH);
  const seeded = new DataView(memory.buffer, DATA_ADDRESS);
  heap.set(foldTables(BLOCK_LENGTH), TABLES_ADDRESS);

  return (blocks, seed) => {
    data.set(blocks);
    // A seed is the same as that much more in the first four bytes.
    seeded.setUint32(0, seeded.getUint32(0, true) ^ seed, true);
    fold(DATA_ADDRESS, DATA_ADDRESS + blocks.length);
    return state;
  };
}
