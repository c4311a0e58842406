import type { ByteRanges } from './byte-ranges.ts';

/** What an incremental stream sends of file contents, and which names of the parent it takes away. Paths: one character a byte. */
export interface Delta {
  /** Every regular file of the snapshot for which the stream carries contents; a file with several names is here once. */
  readonly files: readonly SentFile[];
  /** Paths of the parent whose names are gone. */
  readonly gone: readonly string[];
}

/** A file for which the stream carries contents. */
export interface SentFile {
  /** In the snapshot. */
  readonly path: string;
  /** The bytes that the stream carries. */
  readonly sent: ByteRanges;
  /** The bytes that it takes from elsewhere by `clone`. */
  readonly cloned: ByteRanges;
  readonly origin: FileOrigin;
}

/** Where a file of the snapshot comes from. */
export type FileOrigin =
  /** It is a file of the parent, there at `path`; it may have been renamed. */
  | { readonly kind: 'kept'; readonly path: string }
  /** It was created. `places` are where its names would lie in the parent; none when their directories are new too. */
  | { readonly kind: 'created'; readonly places: readonly string[] };
