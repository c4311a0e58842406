import { createCipheriv } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Makes the bytes of a file, piece by piece; the same ones for the same seed. */
type Source = (bytes: number) => Buffer;

const PIECE = 1024 ** 2;
const POOL = 16 * 1024 ** 2;
const SLICE = 32 * 1024;

/** Files of one size, and the part of all bytes that they hold. */
const SIZES = [
  { size: 16 * 1024, part: 1 / 16 },
  { size: 256 * 1024, part: 3 / 16 },
  { size: 4 * 1024 ** 2, part: 4 / 16 },
  { size: 64 * 1024 ** 2, part: 8 / 16 },
];

/**
 * Files of 16 KiB to 64 MiB, the same ones each time: half of the bytes incompressible, a quarter like text and a
 * quarter like the tables of a program (zstd -3 makes about a third of either).
 */
export async function makeMixed(directory: string, bytes: number): Promise<void> {
  const sources = [incompressible(1), slicesOf(text(2), 3), incompressible(4), slicesOf(tables(5), 6)];
  for (const { size, part } of SIZES) {
    const count = Math.max(1, Math.round((bytes * part) / size));
    for (let index = 0; index < count; index += 1) {
      const source = sources[index % sources.length] ?? incompressible(0);
      await writeFrom(source, join(directory, `${size}`, `${index >> 8}`, `${index}`), size);
    }
  }
}

/** One file of incompressible bytes. */
export async function makeFile(path: string, bytes: number, seed = 7): Promise<void> {
  await writeFrom(incompressible(seed), path, bytes);
}

async function writeFrom(source: Source, path: string, bytes: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'wx');
  try {
    for (let left = bytes; left > 0; left -= PIECE) await file.write(source(Math.min(left, PIECE)));
  } finally {
    await file.close();
  }
}

/** The key stream of AES in counter mode. */
function incompressible(seed: number): Source {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  const zeros = Buffer.alloc(PIECE);
  return (bytes) => cipher.update(zeros.subarray(0, bytes));
}

/** Slices of a pool in an order that repeats nothing within the reach of zstd's window at level 3. */
function slicesOf(pool: Buffer, seed: number): Source {
  const random = numbers(seed);
  return (bytes) => {
    const piece = Buffer.allocUnsafe(bytes);
    for (let at = 0; at < bytes; at += SLICE) {
      const from = Math.floor(random() * (pool.length - SLICE));
      pool.copy(piece, at, from, from + Math.min(SLICE, bytes - at));
    }
    return piece;
  };
}

/** Words of a small language, the frequent ones more often. */
function text(seed: number): Buffer {
  const random = numbers(seed);
  const letter = () => 'etaoinshrdlucmfwygpbvk'[Math.floor(random() ** 2 * 22)];
  const words = Array.from({ length: 8192 }, () => Array.from({ length: 2 + random() * 9 }, letter).join(''));
  const pool = Buffer.alloc(POOL);
  for (let at = 0; at < POOL; ) at += pool.write(`${words[Math.floor(random() ** 3 * words.length)]} `, at);
  return pool;
}

/** Records as compiled programs have them: ascending offsets, few flags, small numbers. */
function tables(seed: number): Buffer {
  const random = numbers(seed);
  const pool = Buffer.alloc(POOL);
  let offset = 0;
  for (let at = 0; at + 16 <= POOL; at += 16) {
    offset += Math.floor(random() * 64) * 16;
    pool.writeUInt32LE(offset >>> 0, at);
    pool.writeUInt32LE(Math.floor(random() * 5), at + 4);
    pool.writeUInt32LE(Math.floor(random() ** 4 * 2 ** 20), at + 8);
    pool.writeUInt32LE(Math.floor(random() * 2 ** 16), at + 12);
  }
  return pool;
}

/** Numbers in [0, 1), the same ones for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
