import { MANIFEST_BYTES_LIMIT, manifestName, newest, signatureName, type Version } from '@goldstream/release';
import { StoreError } from './error.ts';
import { readAtMost } from './read-at-most.ts';
import type { Store } from './store.ts';

/** A detached signature, also by many signers, is smaller. */
const SIGNATURE_BYTES_LIMIT = 64 * 1024;

/** A manifest and its detached signature, byte for byte as published. Neither was judged yet. */
export interface SignedManifest {
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Reads manifest and signature of a version. The signature is to be judged before the manifest is parsed.
 *
 * @throws StoreError `STORE_LENGTH_MISMATCH` beyond 16 MiB and 64 KiB, and those of `Store.openAsset`
 */
export async function fetchManifest(store: Store, version: Version): Promise<SignedManifest> {
  const name = manifestName(store.application, version);
  const signature = await readWhole(store, version, signatureName(name), SIGNATURE_BYTES_LIMIT);
  const manifest = await readWhole(store, version, name, MANIFEST_BYTES_LIMIT);
  return { manifest, signature };
}

/**
 * The newest finished version.
 *
 * @throws StoreError `STORE_EMPTY`, and those of `Store.listVersions`
 */
export async function newestVersion(store: Store): Promise<Version> {
  const version = newest(await store.listVersions());
  if (version !== undefined) return version;
  throw new StoreError('STORE_EMPTY', `${store.url} has no finished release of ${store.application}`, {
    hint: 'Publish one: goldstream-builder release',
  });
}

async function readWhole(store: Store, version: Version, name: string, limit: number): Promise<Uint8Array> {
  // One byte beyond the limit tells that there is more.
  return readAtMost(store.openAsset(version, name, { end: limit + 1 }), limit, name);
}
