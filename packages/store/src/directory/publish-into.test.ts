import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { APPLICATION, aPublication, CONTENT, PART_0, read, storeTest } from '../../test/release-files.ts';
import { openStore } from '../open-store.ts';

describe('publish', () => {
  storeTest(
    'makes the version exist, readable for everybody, and leaves nothing else',
    async ({ directory, base, store }) => {
      const heard: number[] = [];
      expect(await store.publish(await aPublication(directory), (bytes) => heard.push(bytes))).toBe('published');

      expect(await store.listVersions()).toEqual(['v1.3.0']);
      expect(await read(store.openAsset('v1.3.0', PART_0))).toBe(CONTENT[PART_0]);
      expect(await readdir(base)).toEqual(['v1.3.0']);
      expect(heard).toEqual([28, 8, 10, 23]);
      expect((await stat(join(base, 'v1.3.0'))).mode & 0o777).toBe(0o755);
      expect((await stat(join(base, 'v1.3.0', PART_0))).mode & 0o777).toBe(0o644);
    },
  );

  storeTest('has nothing to do for the same release again', async ({ directory, store }) => {
    await store.publish(await aPublication(directory));
    expect(await store.publish(await aPublication(directory))).toBe('unchanged');
  });

  storeTest('never changes a published release', async ({ directory, base, store }) => {
    const first = await aPublication(directory);
    await store.publish(first);
    await expect(store.publish(await aPublication(directory, 'another manifest'))).rejects.toMatchObject({
      code: 'STORE_ALREADY_PUBLISHED',
      exitCode: 7,
    });
    expect(await readFile(join(base, 'v1.3.0', first.manifest.name), 'utf8')).toBe('a manifest');
    expect(await readdir(base)).toEqual(['v1.3.0']);
  });

  storeTest('replaces what an unfinished copy left', async ({ directory, base, store }) => {
    await mkdir(join(base, 'v1.3.0'));
    await writeFile(join(base, 'v1.3.0', PART_0), 'half of');
    await writeFile(join(base, 'v1.3.0', 'app-v1.3.0.from-v1.0.0.btrfs.zst'), 'nobody wants it now');
    const publication = await aPublication(directory);

    expect(await store.publish(publication)).toBe('published');
    expect(await read(store.openAsset('v1.3.0', PART_0))).toBe(CONTENT[PART_0]);
    expect(await readdir(join(base, 'v1.3.0'))).toHaveLength(4);
    expect(await readdir(base)).toEqual(['v1.3.0']);
  });

  storeTest(
    'lets one of several win that publish a version at the same time, whole',
    async ({ directory, base, store }) => {
      const rivals = await Promise.all(['a', 'b', 'c', 'd'].map((text) => aPublication(directory, text)));
      const outcomes = await Promise.allSettled(rivals.map((rival) => store.publish(rival)));

      const winners = rivals.filter((_, index) => outcomes[index]?.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'STORE_ALREADY_PUBLISHED' });
      }
      for (const { name, path } of winners.flatMap(({ manifest, signature }) => [manifest, signature])) {
        expect(await readFile(join(base, 'v1.3.0', name), 'utf8')).toBe(await readFile(path, 'utf8'));
      }
      expect(await readdir(base)).toEqual(['v1.3.0']);
    },
  );

  for (const foreign of ['notes.txt', 'other-v1.3.0.manifest.json.asc', '.git']) {
    storeTest(`touches nothing where somebody else's file is: ${foreign}`, async ({ directory, base, store }) => {
      await mkdir(join(base, 'v1.3.0'));
      await writeFile(join(base, 'v1.3.0', foreign), 'precious');

      await expect(store.publish(await aPublication(directory))).rejects.toMatchObject({ code: 'STORE_OCCUPIED' });
      expect(await readdir(join(base, 'v1.3.0'))).toEqual([foreign]);
      expect(await readdir(base)).toEqual(['v1.3.0']);
    });
  }

  storeTest('refuses an asset whose name is a path', async ({ directory, base, store }) => {
    const publication = await aPublication(directory);
    const assets = publication.assets.map(({ path }) => ({ name: '../escaped', path }));

    await expect(store.publish({ ...publication, assets })).rejects.toMatchObject({ code: 'STORE_PUBLISH_FAILED' });
    expect(await readdir(base)).toEqual([]);
  });

  storeTest('lets all win that publish the same at the same time', async ({ directory, store }) => {
    const publication = await aPublication(directory);
    const outcomes = await Promise.all([1, 2, 3].map(() => store.publish(publication)));
    expect(outcomes.toSorted()).toEqual(['published', 'unchanged', 'unchanged']);
  });

  storeTest('leaves nothing behind when a file cannot be read', async ({ directory, base, store }) => {
    const publication = await aPublication(directory);
    await rm(publication.signature.path);

    await expect(store.publish(publication)).rejects.toMatchObject({ code: 'STORE_PUBLISH_FAILED' });
    expect(await readdir(base)).toEqual([]);
  });

  storeTest('does not make a store where none is', async ({ directory }) => {
    const store = openStore(`dir:${directory}/nowhere`, APPLICATION);
    await expect(store.publish(await aPublication(directory))).rejects.toMatchObject({ code: 'STORE_MISSING' });
  });
});
