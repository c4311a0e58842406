import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_BYTES_LIMIT } from '@goldstream/release';
import { describe, expect } from 'vitest';
import { aPublication, release, storeTest } from '../test/release-files.ts';
import { fetchManifest, newestVersion } from './fetch-manifest.ts';

describe('fetchManifest', () => {
  storeTest('gives the published bytes', async ({ directory, store }) => {
    await store.publish(await aPublication(directory));
    const { manifest, signature } = await fetchManifest(store, release.version);
    expect(Buffer.from(manifest).toString()).toBe('a manifest');
    expect(Buffer.from(signature).toString()).toBe('signature of a manifest');
  });

  storeTest('says that publishing was not finished', async ({ base, store }) => {
    await mkdir(join(base, 'v1.3.0'));
    await writeFile(join(base, 'v1.3.0', 'app-v1.3.0.manifest.json'), '{}');
    await expect(fetchManifest(store, 'v1.3.0')).rejects.toMatchObject({ code: 'STORE_UNFINISHED' });
  });

  for (const [suffix, limit] of [
    ['manifest.json', MANIFEST_BYTES_LIMIT],
    ['manifest.json.asc', 65536],
  ] as const) {
    storeTest(`reads no more than the limit of a ${suffix}`, async ({ directory, base, store }) => {
      await store.publish(await aPublication(directory));
      const path = join(base, 'v1.3.0', `app-v1.3.0.${suffix}`);
      await truncate(path, limit);
      await fetchManifest(store, 'v1.3.0');
      await truncate(path, limit + 1);
      await expect(fetchManifest(store, 'v1.3.0')).rejects.toMatchObject({
        code: 'STORE_LENGTH_MISMATCH',
        exitCode: 5,
      });
    });
  }
});

describe('newestVersion', () => {
  storeTest('finds the newest finished version, or says that there is none', async ({ directory, store }) => {
    await expect(newestVersion(store)).rejects.toMatchObject({ code: 'STORE_EMPTY' });
    await store.publish(await aPublication(directory));
    expect(await newestVersion(store)).toBe('v1.3.0');
  });
});
