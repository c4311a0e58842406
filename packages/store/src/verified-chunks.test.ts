import { createHash } from 'node:crypto';
import { appendFile, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CHUNK_BYTES } from '@goldstream/release';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aPublication,
  CONTENT,
  entryOf,
  PART_0,
  PART_1,
  read,
  release,
  storeTest,
  stream,
} from '../test/release-files.ts';
import type { Store } from './index.ts';
import { verifiedChunks, verifiedStream } from './verified-chunks.ts';

const ALL = CONTENT[PART_0] + CONTENT[PART_1];

/** What is handed on before an error, and the error. */
async function readUntilError(bytes: AsyncIterable<Uint8Array>): Promise<{ text: string; error: unknown }> {
  let text = '';
  try {
    for await (const view of bytes) text += Buffer.from(view).toString();
    return { text, error: undefined };
  } catch (error) {
    return { text, error };
  }
}

describe('verifiedStream', () => {
  storeTest('gives all parts in order', async ({ directory, store }) => {
    await store.publish(await aPublication(directory));
    expect(await read(verifiedStream(store, release, stream))).toBe(ALL);
  });

  storeTest(
    'reaches a slow program whole through a pipeline, although memory is used again',
    async ({ base, store }) => {
      const parts = [PART_0, PART_1].map((name, index) => ({
        name,
        bytes: Buffer.alloc(2 * CHUNK_BYTES + 5, `${index} lorem`),
      }));
      await mkdir(join(base, release.version));
      for (const { name, bytes } of parts) await writeFile(join(base, release.version, name), bytes);
      const assets = parts.map(({ name, bytes }) => entryOf(name, bytes, CHUNK_BYTES));

      const arrived = createHash('sha256');
      const slow = new Writable({
        write(view, _encoding, done) {
          setImmediate(() => {
            arrived.update(view);
            done();
          });
        },
      });
      await pipeline(verifiedStream(store, { ...release, chunkBytes: CHUNK_BYTES }, { assets }), slow);

      const sent = createHash('sha256');
      for (const { bytes } of parts) sent.update(bytes);
      expect(arrived.digest('hex')).toBe(sent.digest('hex'));
    },
  );

  const faults: [string, (part: string) => Promise<void>, string, handedOn: string][] = [
    ['is missing', (part) => rm(part), 'STORE_ASSET_MISSING', ''],
    ['is one byte longer', (part) => appendFile(part, '.'), 'STORE_LENGTH_MISMATCH', ''],
    ['is one byte shorter', (part) => truncate(part, 7), 'STORE_LENGTH_MISMATCH', ''],
    ['is empty', (part) => truncate(part, 0), 'STORE_LENGTH_MISMATCH', ''],
    ['has one bit changed', (part) => writeFile(part, '8 bytes/'), 'STORE_DIGEST_MISMATCH', CONTENT[PART_0] ?? ''],
  ];
  for (const [what, harm, code, handedOn] of faults) {
    storeTest(`refuses a stream whose last part ${what}`, async ({ directory, base, store }) => {
      await store.publish(await aPublication(directory));
      await harm(join(base, release.version, PART_1));

      const { text, error } = await readUntilError(verifiedStream(store, release, stream));
      expect(error).toMatchObject({ code });
      expect(text).toBe(handedOn);
    });
  }
});

describe('verifiedChunks', () => {
  storeTest('begins at the chunk that is asked for', async ({ directory, store }) => {
    await store.publish(await aPublication(directory));
    const asset = entryOf(PART_0, Buffer.from(CONTENT[PART_0] ?? ''));
    expect(await read(verifiedChunks(store, release, asset, { from: 2 }))).toBe((CONTENT[PART_0] ?? '').slice(16));
    expect(await read(verifiedChunks(store, release, asset, { from: 4 }))).toBe('');
  });

  storeTest('names asset, chunk, bytes and both digests', async ({ directory, base, store }) => {
    await store.publish(await aPublication(directory));
    await writeFile(join(base, release.version, PART_0), 'the first parT, 28 bytes....');

    const { text, error } = await readUntilError(verifiedStream(store, release, stream));
    expect(text).toBe('the firs');
    expect(error).toMatchObject({
      exitCode: 5,
      message: expect.stringMatching(
        /^app-v1\.3\.0\.full\.btrfs\.zst\.part000, chunk 1 \(bytes 8 to 15\): SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}$/,
      ),
    });
  });

  /** A store that announces one size and sends something else: what a web server can do. */
  function lyingStore(size: number, pieces: () => Iterable<Uint8Array>): Store {
    const never = () => Promise.reject(new Error('not asked for'));
    return {
      url: 'test:',
      application: 'app',
      listVersions: never,
      publish: never,
      publishDocument: never,
      readDocument: never,
      assetSize: async () => size,
      async *openAsset() {
        yield* pieces();
      },
    };
  }
  const asset = entryOf(PART_0, Buffer.from('0123456789'));

  it('refuses an endless asset after its announced length, and stops reading', async () => {
    let sent = 0;
    const store = lyingStore(10, function* () {
      yield Buffer.from('0123456789');
      for (; ; sent += 1) yield Buffer.from('x');
    });
    const { text, error } = await readUntilError(verifiedChunks(store, release, asset));
    expect(error).toMatchObject({ code: 'STORE_LENGTH_MISMATCH' });
    expect(text).toBe('01234567');
    expect(sent).toBeLessThan(release.chunkBytes);
  });

  it('refuses an asset that goes on in a chunk of its own', async () => {
    const exact = entryOf(PART_0, Buffer.from('01234567'));
    const store = lyingStore(8, () => [Buffer.from('01234567'), Buffer.from('8')]);
    const { error } = await readUntilError(verifiedChunks(store, release, exact));
    expect(error).toMatchObject({ code: 'STORE_LENGTH_MISMATCH' });
  });

  it('refuses an asset that ends between two chunks', async () => {
    const store = lyingStore(10, () => [Buffer.from('01234567')]);
    const { error } = await readUntilError(verifiedChunks(store, release, asset));
    expect(error).toMatchObject({ code: 'STORE_LENGTH_MISMATCH', message: expect.stringContaining('8 bytes') });
  });

  it('hands on nothing but bytes that were released, whatever is sent', async () => {
    const content = fc.uint8Array({ minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(content, fc.nat(), fc.integer({ min: 1, max: 255 }), async (bytes, at, flip) => {
        const hostile = bytes.slice();
        const position = at % bytes.length;
        hostile[position] = (hostile[position] ?? 0) ^ flip;
        const store = lyingStore(bytes.length, () => [hostile]);

        const handedOn: number[] = [];
        await expect(
          (async () => {
            for await (const view of verifiedChunks(store, release, entryOf(PART_0, bytes))) handedOn.push(...view);
          })(),
        ).rejects.toMatchObject({ code: 'STORE_DIGEST_MISMATCH' });
        expect(handedOn).toEqual([...bytes.subarray(0, Math.floor(position / 8) * 8)]);
      }),
    );
  });
});
