import { createHash } from 'node:crypto';
import { mkdir, open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssetEntry } from '@goldstream/release';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { openStore } from './open-store.ts';
import { verifiedChunks } from './verified-chunks.ts';

const CHUNK = 4 * 1024 * 1024;
const GIB = 1024 ** 3;
/** Five GiB and one byte: beyond what 32 bits count, and not a whole number of chunks. */
const BYTES = 5 * GIB + 1;

/** Arithmetic with 32 bits would see 1 GiB and one byte here (RAUC, CVE-2026-34155). */
describe('an asset beyond 4 GiB', () => {
  directoryTest('is read to its very last byte', async ({ temporaryDirectory }) => {
    const { read } = await sparseAsset(temporaryDirectory);
    expect(await read(1270)).toBe(BYTES - 1270 * CHUNK);
  });

  directoryTest('is refused for one changed byte behind the first 4 GiB', async ({ temporaryDirectory }) => {
    const { path, read } = await sparseAsset(temporaryDirectory);
    for (const at of [4.5 * GIB, BYTES - 1]) {
      await writeByte(path, at, 1);
      await expect(read(Math.floor(at / CHUNK))).rejects.toMatchObject({ code: 'STORE_DIGEST_MISMATCH', exitCode: 5 });
      await writeByte(path, at, 0);
    }
  });

  directoryTest('is refused when 4 GiB of it are missing, or one byte', async ({ temporaryDirectory }) => {
    const { path, read } = await sparseAsset(temporaryDirectory);
    for (const bytes of [BYTES - 4 * GIB, BYTES - 1, BYTES + 1, BYTES + 4 * GIB]) {
      await truncate(path, bytes);
      await expect(read(0)).rejects.toMatchObject({ code: 'STORE_LENGTH_MISMATCH', exitCode: 5 });
    }
  });
});

/** An asset of nothing but holes, and a reader that begins at a chunk and counts the bytes it was given. */
async function sparseAsset(base: string) {
  const [version, name] = ['v1.0.0', 'asset'] as const;
  const path = join(base, version, name);
  await mkdir(join(base, version));
  await writeFile(path, '');
  await truncate(path, BYTES);
  const digest = (length: number) => createHash('sha256').update(new Uint8Array(length)).digest('hex');
  const whole = Math.floor(BYTES / CHUNK);
  const chunks = [...Array<string>(whole).fill(digest(CHUNK)), digest(BYTES % CHUNK)];
  const asset: AssetEntry = { name, bytes: BYTES, sha256: '', chunks };
  const store = openStore(`dir:${base}`, 'shop');
  const read = async (from: number) => {
    let bytes = 0;
    for await (const view of verifiedChunks(store, { version, chunkBytes: CHUNK }, asset, { from }))
      bytes += view.length;
    return bytes;
  };
  return { path, read };
}

async function writeByte(path: string, at: number, byte: number): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(Uint8Array.of(byte), 0, 1, at);
}
