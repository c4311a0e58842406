import { appendFile, mkdir, open, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type AssetEntry, manifestName, type StreamEntry, signatureName } from '@goldstream/release';
import { durableRename } from './directory/durable-files.ts';
import { openFile } from './directory/open-file.ts';
import { readPieces } from './directory/read-pieces.ts';
import { StoreError } from './error.ts';
import type { SignedManifest } from './fetch-manifest.ts';
import { regroup } from './regroup.ts';
import type { OnBytes, Store } from './store.ts';
import { chunkProblem, type ReleaseOf, verifiedChunks } from './verified-chunks.ts';

/** What is to be kept on this host. */
export interface CacheRequest {
  readonly release: ReleaseOf;
  readonly stream: StreamEntry;
  /** As fetched, after its signature was judged good. */
  readonly signed: SignedManifest;
  /** Gets the layout of a store, `DIRECTORY/TAG/ASSET`, so that `openStore('dir:DIRECTORY', …)` reads it. */
  readonly directory: string;
  /** Hears of every byte of the stream, also of those that were here already. */
  readonly onBytes?: OnBytes;
}

/**
 * Copies a stream from a store to this host, then its manifest and signature. Every chunk is verified; an interrupted
 * copy continues after its last good chunk, and a copy that was spoilt since is mended from its first bad one.
 *
 * @throws StoreError `STORE_CACHE_FAILED`, and those of `verifiedChunks`
 */
export async function cacheStream(store: Store, request: CacheRequest): Promise<void> {
  const { release, stream, signed, directory, onBytes = () => {} } = request;
  const folder = join(directory, release.version);
  const manifest = join(folder, manifestName(store.application, release.version));
  try {
    await mkdir(folder, { recursive: true });
    for (const asset of stream.assets) await cacheAsset(store, release, asset, folder, onBytes);
    await writeFinally(manifest, signed.manifest);
    await writeFinally(signatureName(manifest), signed.signature);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError('STORE_CACHE_FAILED', `${folder} could not be written`, { cause });
  }
}

async function cacheAsset(
  store: Store,
  release: ReleaseOf,
  asset: AssetEntry,
  folder: string,
  onBytes: OnBytes,
): Promise<void> {
  const whole = join(folder, asset.name);
  const partial = partialOf(whole);
  const wholeSize = await sizeOf(whole);
  const path = wholeSize === undefined ? partial : whole;

  const good = await countGoodChunks(path, release.chunkBytes, asset);
  const goodBytes = Math.min(good * release.chunkBytes, asset.bytes);
  onBytes(goodBytes);
  if (wholeSize === asset.bytes && goodBytes === asset.bytes) return;

  // From here on it is a copy in progress, whatever it was called.
  if (path === whole) await rename(whole, partial);
  await appendFile(partial, '');
  await truncate(partial, goodBytes);
  for await (const chunk of verifiedChunks(store, release, asset, { from: good })) {
    await appendFile(partial, chunk);
    onBytes(chunk.length);
  }
  await syncAndRename(partial, whole);
}

/** How many chunks of a local file are right, counted up to the first that is not; 0 for no file. */
async function countGoodChunks(path: string, chunkBytes: number, asset: AssetEntry): Promise<number> {
  const file = await openFile(path);
  if (file === undefined) return 0;
  await using handle = file.handle;
  let good = 0;
  for await (const chunk of regroup(readPieces(handle, 0, Math.min(file.size, asset.bytes)), chunkBytes)) {
    if (await chunkProblem(asset, chunkBytes, good, chunk)) break;
    good += 1;
  }
  return good;
}

async function writeFinally(path: string, bytes: Uint8Array): Promise<void> {
  const partial = partialOf(path);
  await rm(partial, { force: true });
  await appendFile(partial, bytes);
  await syncAndRename(partial, path);
}

async function syncAndRename(partial: string, whole: string): Promise<void> {
  await using handle = await open(partial, 'r');
  await handle.sync();
  await durableRename(partial, whole);
}

async function sizeOf(path: string): Promise<number | undefined> {
  const file = await openFile(path);
  await file?.handle.close();
  return file?.size;
}

function partialOf(path: string): string {
  return `${path}.partial`;
}
