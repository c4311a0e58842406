import { appendFile, mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import {
  APPLICATION,
  aPublication,
  CONTENT,
  PART_0,
  PART_1,
  read,
  release,
  storeTest,
  stream,
} from '../test/release-files.ts';
import { type CacheRequest, cacheStream } from './cache-stream.ts';
import { fetchManifest, openStore, type Store, verifiedStream } from './index.ts';

const ALL = CONTENT[PART_0] + CONTENT[PART_1];
const FIRST = CONTENT[PART_0] ?? '';

async function request(store: Store, directory: string): Promise<CacheRequest> {
  const signed = await fetchManifest(store, release.version);
  return { release, stream, signed, directory: join(directory, 'cache') };
}

/** The same store, and from where on each asset was read. */
function watched(store: Store): { store: Store; reads: [string, number][] } {
  const reads: [string, number][] = [];
  return {
    reads,
    store: {
      ...store,
      openAsset(version, name, range) {
        if (name.includes('full')) reads.push([name, range?.start ?? 0]);
        return store.openAsset(version, name, range);
      },
    },
  };
}

describe('cacheStream', () => {
  storeTest('makes a store of what it keeps', async ({ directory, store }) => {
    await store.publish(await aPublication(directory));
    const heard: number[] = [];
    const wanted = { ...(await request(store, directory)), onBytes: (bytes: number) => heard.push(bytes) };
    await cacheStream(store, wanted);

    const cache = openStore(`dir:${directory}/cache`, APPLICATION);
    expect(await cache.listVersions()).toEqual([release.version]);
    expect(await fetchManifest(cache, release.version)).toEqual(wanted.signed);
    expect(await read(verifiedStream(cache, release, stream))).toBe(ALL);
    expect(await readdir(join(directory, 'cache', release.version))).toHaveLength(4);
    expect(heard.reduce((sum, bytes) => sum + bytes)).toBe(ALL.length);
  });

  const leftovers: [string, (folder: string) => Promise<void>, [string, number][]][] = [
    [
      'continues after the last good chunk',
      (folder) => writeFile(join(folder, `${PART_0}.partial`), FIRST.slice(0, 19)),
      [
        [PART_0, 16],
        [PART_1, 0],
      ],
    ],
    [
      'begins anew where the copy was bad from the start',
      (folder) => writeFile(join(folder, `${PART_0}.partial`), 'nonsense of some length'),
      [
        [PART_0, 0],
        [PART_1, 0],
      ],
    ],
    [
      'finishes a copy that lacked only its name',
      (folder) => writeFile(join(folder, `${PART_0}.partial`), FIRST),
      [[PART_1, 0]],
    ],
    ['fetches nothing that is there', (folder) => writeFile(join(folder, PART_0), FIRST), [[PART_1, 0]]],
    [
      'mends a kept asset from its first bad chunk',
      (folder) => writeFile(join(folder, PART_0), FIRST.replace('28', '29')),
      [
        [PART_0, 16],
        [PART_1, 0],
      ],
    ],
    ['shortens a kept asset that grew', (folder) => appendFile(join(folder, PART_0), `${FIRST}more`), [[PART_1, 0]]],
  ];
  for (const [what, arrange, expected] of leftovers) {
    storeTest(what, async ({ directory, store: origin }) => {
      await origin.publish(await aPublication(directory));
      const { store, reads } = watched(origin);
      const wanted = await request(store, directory);
      const folder = join(directory, 'cache', release.version);
      await mkdir(folder, { recursive: true });
      await arrange(folder);

      await cacheStream(store, wanted);
      expect(reads.filter(([, start]) => start < FIRST.length)).toEqual(expected);
      const cache = openStore(`dir:${directory}/cache`, APPLICATION);
      expect(await read(verifiedStream(cache, release, stream))).toBe(ALL);
      expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([]);
    });
  }

  storeTest(
    'keeps what was good when the store fails, without calling it a version',
    async ({ directory, base, store }) => {
      await store.publish(await aPublication(directory));
      const wanted = await request(store, directory);
      await truncate(join(base, release.version, PART_1), 3);

      await expect(cacheStream(store, wanted)).rejects.toMatchObject({ code: 'STORE_LENGTH_MISMATCH' });
      expect(await readdir(join(directory, 'cache', release.version))).toContain(PART_0);
      expect(await openStore(`dir:${directory}/cache`, APPLICATION).listVersions()).toEqual([]);
    },
  );

  storeTest('says that the cache cannot be written', async ({ directory, store }) => {
    await store.publish(await aPublication(directory));
    const wanted = await request(store, directory);
    await writeFile(wanted.directory, 'a file');
    await expect(cacheStream(store, wanted)).rejects.toMatchObject({ code: 'STORE_CACHE_FAILED', exitCode: 8 });
  });
});
