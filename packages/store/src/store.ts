import type { Version } from '@goldstream/release';

/**
 * Bytes on their way. A view is valid until the next one is asked for; after that its memory is used again, so who
 * writes it somewhere waits for that write. `pipeline` does: a chunk is larger than any pipe's high-water mark.
 */
export type Bytes = AsyncIterable<Uint8Array>;

/** Bytes of an asset: from `start` (default 0) up to, not including, `end` (default: all there are). */
export interface ByteRange {
  readonly start?: number;
  readonly end?: number;
}

/** A file here, and what it is called in the store. */
export interface LocalFile {
  readonly name: string;
  readonly path: string;
}

/** All files of one version. */
export interface Publication {
  readonly version: Version;
  /** Everything but the next two. */
  readonly assets: readonly LocalFile[];
  readonly manifest: LocalFile;
  /** Makes the version exist, hence comes last. */
  readonly signature: LocalFile;
  /** Bring everything there, for a person to publish. */
  readonly draft?: boolean;
}

/** What became of a publication. `unchanged`: the same manifest was published before. */
export type Published = 'published' | 'unchanged' | 'draft';

/** Where people find a version. */
export interface ReleasePage {
  /** As the store numbers releases. */
  readonly id: number;
  readonly url: string;
}

/** What a document is to replace. */
export interface Replacement {
  /** Of the file as it was read, lower-case hexadecimal SHA-256; `undefined`: there was none. */
  readonly replaces: string | undefined;
  /** Keeps every other publisher out of a directory until it is disposed of. A store elsewhere does this by itself. */
  readonly lock: (directory: string) => Promise<AsyncDisposable>;
}

/** How a store is spoken to. A directory needs nothing of it. */
export interface StoreOptions {
  /** Ends whatever is asked of the store, with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Hears, as a line for people, of every failure after which it is tried again. */
  readonly onRetry?: ((line: string) => void) | undefined;
  /** Certificates of authorities in PEM that a web server may prove itself by, beside those of the platform. */
  readonly ca?: readonly string[] | undefined;
  /** File with a token for GitHub, before those of the environment. */
  readonly tokenFile?: string | undefined;
  /**
   * Where `http_proxy`, `https_proxy` and `no_proxy` are looked up, and for GitHub `GITHUB_TOKEN_FILE`, `GITHUB_TOKEN`,
   * `GH_TOKEN`, `GITHUB_SERVER_URL` and `GITHUB_API_URL`. Default: the process's own.
   */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** Hears of bytes that were moved since it was called last. */
export type OnBytes = (bytes: number) => void;

/**
 * Where releases of one application live: `BASE/TAG/ASSET`. Nothing that comes from a store is believed; who reads
 * goes through `verifiedStream`, or checks a signature.
 */
export interface Store {
  /** As a person wrote it, for messages. */
  readonly url: string;
  readonly application: string;
  /** What a person should be told once before the store is used: that it is not encrypted. */
  readonly warning?: string;

  /**
   * Every finished version, oldest first.
   *
   * @throws StoreError `STORE_NO_LISTING` where the store cannot tell, `STORE_MISSING`, `STORE_UNREADABLE`
   */
  listVersions(): Promise<readonly Version[]>;

  /**
   * Reads an asset from front to back. Errors come with the first view: `STORE_ASSET_MISSING`, or what is missing
   * around it (`STORE_UNFINISHED`, `STORE_VERSION_MISSING`, `STORE_MISSING`); `STORE_UNREADABLE`, and on the web
   * `STORE_UNREACHABLE`, `STORE_UNAUTHORISED`, `STORE_TLS_FAILED`, `STORE_BAD_ANSWER`, `STORE_BAD_REDIRECT`,
   * `STORE_CHANGED`.
   */
  openAsset(version: Version, name: string, range?: ByteRange): Bytes;

  /** Size of an asset in bytes. Errors as in `openAsset`. */
  assetSize(version: Version, name: string): Promise<number>;

  /**
   * Reads a small file beside the versions, `BASE/NAME`, which unlike them may be replaced: a channel.
   *
   * @param limit bytes
   * @throws StoreError `STORE_DOCUMENT_MISSING`, `STORE_LENGTH_MISMATCH` beyond the limit, and those of `openAsset`
   */
  readDocument(name: string, limit: number): Promise<Uint8Array>;

  /**
   * Waits until a document may be asked for again that was older than one seen before; `false`: no longer worth it.
   * Only there where caches on the way give old copies for a while.
   *
   * @param attempt how many times it was read so far
   */
  readonly awaitFresher?: (attempt: number) => Promise<boolean>;

  /**
   * Publishes a version whole, or not at all.
   *
   * @throws StoreError `STORE_READ_ONLY`, `STORE_UNSUPPORTED` for a draft where there are none, `STORE_ALREADY_PUBLISHED` when the version exists with another manifest,
   * `STORE_OCCUPIED`, `STORE_MISSING`, `STORE_PUBLISH_FAILED`; on GitHub also `STORE_PUBLISHING_ELSEWHERE`,
   * `STORE_TAG_BURNT`, `STORE_UNAUTHORISED`, `STORE_RATE_LIMITED`, `STORE_UNREACHABLE`
   */
  publish(publication: Publication, onBytes?: OnBytes): Promise<Published>;

  /** The page of a version, or of its draft; only there where releases have pages. Errors as in `publish`. */
  findPage?(version: Version): Promise<ReleasePage | undefined>;

  /**
   * Replaces a small file beside the versions, or makes it, in one moment: readers see the old one or the new one,
   * also after a power cut. Refused when it is no longer the one that was read, so that of two publishers who began
   * with the same file one must look again.
   *
   * @throws StoreError `STORE_READ_ONLY`, `STORE_DOCUMENT_CHANGED`, `STORE_MISSING`, `STORE_PUBLISH_FAILED`; what
   * `lock` throws
   */
  publishDocument(name: string, bytes: Uint8Array, replacement: Replacement): Promise<void>;
}
