import { webcrypto } from 'node:crypto';
import type { AssetEntry, Version } from '@goldstream/release';
import { StoreError } from './error.ts';
import { regroup } from './regroup.ts';
import type { Bytes, Store } from './store.ts';

/** The version whose assets are read, and how they are cut; a manifest is one. */
export interface ReleaseOf {
  readonly version: Version;
  /** Bytes of every chunk but an asset's last. */
  readonly chunkBytes: number;
}

/** Where to begin. */
export interface ChunkOptions {
  /** Index of the first chunk. Default 0. */
  readonly from?: number;
}

/**
 * The chunks of an asset, each handed on only after its SHA-256 was that of the manifest. Length is enforced: no byte
 * beyond the announced ones is read on. A view is valid until the next one is asked for; memory is constant.
 *
 * @throws StoreError `STORE_DIGEST_MISMATCH`, `STORE_LENGTH_MISMATCH`, and those of `Store.openAsset`
 */
export async function* verifiedChunks(
  store: Store,
  release: ReleaseOf,
  asset: AssetEntry,
  { from = 0 }: ChunkOptions = {},
): Bytes {
  await checkSize(store, release.version, asset);
  yield* chunksOf(store, release, asset, from);
}

/**
 * All assets of a stream, one after the other, as {@link verifiedChunks}. Sizes are compared before the first byte.
 *
 * @throws StoreError
 */
export async function* verifiedStream(
  store: Store,
  release: ReleaseOf,
  { assets }: { readonly assets: readonly AssetEntry[] },
): Bytes {
  for (const asset of assets) await checkSize(store, release.version, asset);
  for (const asset of assets) yield* chunksOf(store, release, asset, 0);
}

/** The chunks of an asset whose size was found right. */
async function* chunksOf(store: Store, { version, chunkBytes }: ReleaseOf, asset: AssetEntry, from: number): Bytes {
  let index = from;
  const pieces = store.openAsset(version, asset.name, { start: from * chunkBytes, end: asset.bytes });
  for await (const chunk of regroup(pieces, chunkBytes)) {
    const problem = await chunkProblem(asset, chunkBytes, index, chunk);
    if (problem) throw problem;
    yield chunk;
    index += 1;
  }
  if (index < asset.chunks.length) throw wrongLength(asset, index * chunkBytes);
}

/**
 * What is wrong with a chunk, compared with what was announced of it; `undefined` when it is right. Hashed in a thread
 * of the pool: meanwhile the next chunk arrives.
 */
export async function chunkProblem(
  asset: AssetEntry,
  chunkBytes: number,
  index: number,
  chunk: Uint8Array,
): Promise<StoreError | undefined> {
  const start = index * chunkBytes;
  const end = Math.min(start + chunkBytes, asset.bytes);
  if (chunk.length !== end - start) return wrongLength(asset, start + chunk.length);

  const expected = asset.chunks[index];
  const found = Buffer.from(await webcrypto.subtle.digest('SHA-256', chunk)).toString('hex');
  if (found === expected) return undefined;
  return new StoreError(
    'STORE_DIGEST_MISMATCH',
    `${asset.name}, chunk ${index} (bytes ${start} to ${end - 1}): SHA-256 is ${found}, expected ${expected}`,
    { hint: 'Copy the release again, or tell its publisher; what was received is not used.' },
  );
}

async function checkSize(store: Store, version: Version, asset: AssetEntry): Promise<void> {
  const size = await store.assetSize(version, asset.name);
  if (size !== asset.bytes) throw wrongLength(asset, size);
}

function wrongLength(asset: AssetEntry, found: number): StoreError {
  const problem = found < asset.bytes ? 'ends early' : 'is too long';
  return new StoreError('STORE_LENGTH_MISMATCH', `${asset.name} ${problem}: ${found} bytes, expected ${asset.bytes}`, {
    hint: 'Copy the release again, or tell its publisher.',
  });
}
