export { type CacheRequest, cacheStream } from './cache-stream.ts';
export { StoreError, type StoreErrorCode } from './error.ts';
export { fetchManifest, newestVersion, type SignedManifest } from './fetch-manifest.ts';
export { findDocument } from './find-document.ts';
export { openStore } from './open-store.ts';
export { parseStoreUrl, type StoreUrl } from './parse-store-url.ts';
export type {
  ByteRange,
  Bytes,
  LocalFile,
  OnBytes,
  Publication,
  Published,
  ReleasePage,
  Replacement,
  Store,
  StoreOptions,
} from './store.ts';
export { type ChunkOptions, type ReleaseOf, verifiedChunks, verifiedStream } from './verified-chunks.ts';
