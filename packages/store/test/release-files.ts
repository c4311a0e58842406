import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetDigester, type AssetEntry, manifestName, type StreamEntry, signatureName } from '@goldstream/release';
import { test } from 'vitest';
import { openStore, type Publication, type ReleaseOf, type Store } from '../src/index.ts';

export const APPLICATION = 'app';
/** Small chunks, so that a few bytes make several; a manifest always says 4 MiB. */
export const release: ReleaseOf = { version: 'v1.3.0', chunkBytes: 8 };
export const PART_0 = `${APPLICATION}-v1.3.0.full.btrfs.zst.part000`;
export const PART_1 = `${APPLICATION}-v1.3.0.full.btrfs.zst.part001`;
export const CONTENT = { [PART_0]: 'the first part, 28 bytes....', [PART_1]: '8 bytes.' };

/** `test` with a fresh directory, and an empty store in it. */
export const storeTest = test.extend<{ directory: string; base: string; store: Store }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest's way to say that this fixture needs no other.
  directory: async ({}, use) => {
    const directory = await mkdtemp(join(tmpdir(), 'store-test-'));
    await use(directory);
    await rm(directory, { recursive: true });
  },
  base: async ({ directory }, use) => {
    const base = join(directory, 'base');
    await mkdir(base);
    await use(base);
  },
  store: async ({ base }, use) => use(openStore(`dir:${base}`, APPLICATION)),
});

/** The two parts of a stream, as their manifest would name them. */
export const stream: StreamEntry = {
  kind: 'full',
  protocol: 1,
  encoding: 'zstd',
  rawBytes: 36,
  rawSha256: '',
  assets: Object.entries(CONTENT).map(([name, text]) => entryOf(name, Buffer.from(text))),
};

export function entryOf(name: string, bytes: Uint8Array, chunkBytes = release.chunkBytes): AssetEntry {
  const digester = new AssetDigester(chunkBytes);
  digester.update(bytes);
  return { name, ...digester.digest() };
}

/** Writes the files of a release, as a builder has them before it publishes. */
export async function aPublication(directory: string, manifestText = 'a manifest'): Promise<Publication> {
  const from = await mkdtemp(join(directory, 'built-'));
  const file = async (name: string, text: string) => {
    const path = join(from, name);
    await writeFile(path, text, { mode: 0o600 });
    return { name, path };
  };
  const manifest = manifestName(APPLICATION, release.version);
  return {
    version: release.version,
    assets: await Promise.all(Object.entries(CONTENT).map(([name, text]) => file(name, text))),
    manifest: await file(manifest, manifestText),
    signature: await file(signatureName(manifest), `signature of ${manifestText}`),
  };
}

/** All bytes, copied: a view is valid only until the next one is asked for. */
export async function read(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const copies: Uint8Array[] = [];
  for await (const view of bytes) copies.push(Buffer.from(view));
  return Buffer.concat(copies).toString();
}
