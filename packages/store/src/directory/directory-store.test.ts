import { mkdir, readdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHUNK_BYTES, type Version } from '@goldstream/release';
import { describe, expect } from 'vitest';
import { APPLICATION, PART_0, read, storeTest } from '../../test/release-files.ts';
import { openStore } from '../open-store.ts';

const MANIFEST = `${APPLICATION}-v1.3.0.manifest.json`;

async function finished(base: string, version: Version): Promise<void> {
  await mkdir(join(base, version));
  await writeFile(join(base, version, `${APPLICATION}-${version}.manifest.json.asc`), '');
}

describe('listVersions', () => {
  storeTest('is empty for an empty directory', async ({ store }) => {
    expect(await store.listVersions()).toEqual([]);
  });

  storeTest('gives finished versions of this application, oldest first, and nothing else', async ({ base, store }) => {
    await finished(base, 'v1.10.0');
    await finished(base, 'v1.9.0');
    await finished(base, 'v1.10.0-rc.1');
    await mkdir(join(base, 'v2.0.0'));
    await mkdir(join(base, 'v3.0.0'));
    await writeFile(join(base, 'v3.0.0', 'other-v3.0.0.manifest.json.asc'), '');
    await mkdir(join(base, '.v4.0.0.hidden'));
    await writeFile(join(base, 'v5.0.0'), 'a file');
    await mkdir(join(base, 'latest'));

    expect(await store.listVersions()).toEqual(['v1.9.0', 'v1.10.0-rc.1', 'v1.10.0']);
  });

  storeTest('says that a store is not there', async ({ directory }) => {
    await expect(openStore(`dir:${directory}/nowhere`, APPLICATION).listVersions()).rejects.toMatchObject({
      code: 'STORE_MISSING',
      exitCode: 7,
    });
  });
});

describe('openAsset', () => {
  storeTest('reads a file larger than its buffers', async ({ base, store }) => {
    await finished(base, 'v1.3.0');
    const content = Buffer.alloc(3 * CHUNK_BYTES + 5, 'every chunk differs a little. ');
    await writeFile(join(base, 'v1.3.0', PART_0), content);

    // Not toBe: its message would show 12 MB.
    expect((await read(store.openAsset('v1.3.0', PART_0))) === content.toString()).toBe(true);
  });

  storeTest('closes the file when the reader leaves early', async ({ base, store }) => {
    await finished(base, 'v1.3.0');
    await writeFile(join(base, 'v1.3.0', PART_0), Buffer.alloc(2 * CHUNK_BYTES));
    for await (const _ of store.openAsset('v1.3.0', PART_0)) break;

    const open = await Promise.all(
      (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    );
    expect(open.filter((path) => path.startsWith(base))).toEqual([]);
  });

  storeTest('refuses what is no regular file', async ({ base, store }) => {
    await finished(base, 'v1.3.0');
    await mkdir(join(base, 'v1.3.0', PART_0));
    await symlink('/dev/zero', join(base, 'v1.3.0', MANIFEST));
    for (const name of [PART_0, MANIFEST]) {
      await expect(read(store.openAsset('v1.3.0', name))).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
    }
  });
});
