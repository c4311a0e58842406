import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestName, signatureName } from '@goldstream/release';
import { expect } from 'vitest';
import { cacheStream, fetchManifest, openStore, type Store, verifiedStream } from '../src/index.ts';
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
} from './release-files.ts';

const MANIFEST = manifestName(APPLICATION, release.version);

/** Runs `use` with a store that offers the releases in `base`, by whatever way. */
export type Offer = (base: string, use: (store: Store) => Promise<void>) => Promise<void>;

/** What every store promises to those who read. */
export function readingContract(offer: Offer): void {
  const test = storeTest.extend<{ offered: Store }>({
    offered: async ({ base }, use) => offer(base, use),
  });
  const publish = async (directory: string, base: string) =>
    openStore(`dir:${base}`, APPLICATION).publish(await aPublication(directory));

  test('reads an asset, a range of it, and no more than there is', async ({ directory, base, offered: store }) => {
    await publish(directory, base);
    const part = (start: number, end?: number) =>
      read(store.openAsset('v1.3.0', PART_0, end === undefined ? { start } : { start, end }));

    expect(await read(store.openAsset('v1.3.0', PART_0))).toBe(CONTENT[PART_0]);
    expect(await part(4, 9)).toBe('first');
    expect(await part(0, 3)).toBe('the');
    expect(await part(0, 0)).toBe('');
    expect(await part(24)).toBe('....');
    expect(await part(24, 1000)).toBe('....');
    expect(await part(28)).toBe('');
    expect(await part(1000, 2000)).toBe('');
  });

  test('knows how long an asset is', async ({ directory, base, offered: store }) => {
    await publish(directory, base);
    expect(await store.assetSize('v1.3.0', PART_0)).toBe(28);
  });

  test('gives a release that verifies, and that can be kept', async ({ directory, base, offered: store }) => {
    await publish(directory, base);
    const signed = await fetchManifest(store, 'v1.3.0');
    expect(Buffer.from(signed.manifest).toString()).toBe('a manifest');
    expect(await read(verifiedStream(store, release, stream))).toBe(CONTENT[PART_0] + CONTENT[PART_1]);

    const cache = join(directory, 'cache');
    await mkdir(join(cache, 'v1.3.0'), { recursive: true });
    await writeFile(join(cache, 'v1.3.0', `${PART_0}.partial`), CONTENT[PART_0].slice(0, 19));
    await cacheStream(store, { release, stream, signed, directory: cache });
    const kept = openStore(`dir:${cache}`, APPLICATION);
    expect(await read(verifiedStream(kept, release, stream))).toBe(CONTENT[PART_0] + CONTENT[PART_1]);
  });

  const missing: [string, file: string, code: string][] = [
    ['the version', '../nothing', 'STORE_VERSION_MISSING'],
    ['the signature, for which publishing was not finished', MANIFEST, 'STORE_UNFINISHED'],
    ['the asset', signatureName(MANIFEST), 'STORE_ASSET_MISSING'],
  ];
  for (const [what, file, code] of missing) {
    test(`tells apart what is missing: ${what}`, async ({ base, offered: store }) => {
      if (code !== 'STORE_VERSION_MISSING') {
        await mkdir(join(base, 'v1.3.0'));
        await writeFile(join(base, 'v1.3.0', file), '');
      }
      await expect(read(store.openAsset('v1.3.0', PART_0))).rejects.toMatchObject({ code, exitCode: 7 });
      await expect(store.assetSize('v1.3.0', PART_0)).rejects.toMatchObject({ code });
    });
  }

  test('says of a version without signature that it is unfinished, of another that it is missing', async ({
    directory,
    base,
    store,
  }) => {
    await publish(directory, base);
    await rm(join(base, 'v1.3.0', signatureName(MANIFEST)));
    await expect(fetchManifest(store, 'v1.3.0')).rejects.toMatchObject({ code: 'STORE_UNFINISHED' });
    await expect(fetchManifest(store, 'v1.4.0')).rejects.toMatchObject({ code: 'STORE_VERSION_MISSING' });
  });

  test('refuses names that leave the version', async ({ directory, base, offered: store }) => {
    await publish(directory, base);
    for (const name of [`../v1.3.0/${PART_0}`, '..', '.hidden', '', `${PART_0}\0`, `${PART_0}?x`]) {
      await expect(read(store.openAsset('v1.3.0', name))).rejects.toMatchObject({ code: 'STORE_ASSET_MISSING' });
    }
  });

  test('reads a document beside the versions, as it is now, within its limit', async ({ base, offered: store }) => {
    for (const text of ['first', 'other']) {
      await writeFile(join(base, 'app-stable.channel'), text);
      expect(Buffer.from(await store.readDocument('app-stable.channel', 5)).toString()).toBe(text);
    }
    await expect(store.readDocument('app-stable.channel', 4)).rejects.toMatchObject({ code: 'STORE_LENGTH_MISMATCH' });
  });

  test('says that a document is not there, and reads none elsewhere', async ({ directory, base, offered: store }) => {
    await publish(directory, base);
    for (const name of ['app-stable.channel', '../base/v1.3.0', '.hidden', `v1.3.0/${PART_0}`]) {
      await expect(store.readDocument(name, 100)).rejects.toMatchObject({
        code: 'STORE_DOCUMENT_MISSING',
        exitCode: 7,
      });
    }
  });
}
