import { type Category, errorsOf } from '@goldstream/errors';

const CATEGORY_OF = {
  STORE_BAD_URL: 'usage',
  STORE_UNSUPPORTED: 'usage',
  /** There is no store where it should be. */
  STORE_MISSING: 'store',
  /** The store has no finished version of the application. */
  STORE_EMPTY: 'store',
  STORE_VERSION_MISSING: 'store',
  /** The version is there without its signature, which is published last. */
  STORE_UNFINISHED: 'store',
  STORE_ASSET_MISSING: 'store',
  STORE_UNREADABLE: 'store',
  /** There is no such file beside the versions. */
  STORE_DOCUMENT_MISSING: 'store',
  /** Another publisher was faster. */
  STORE_DOCUMENT_CHANGED: 'store',
  /** A web server cannot be asked which versions it has. */
  STORE_NO_LISTING: 'store',
  STORE_READ_ONLY: 'store',
  /** No connection, or none that lasted, after several tries. */
  STORE_UNREACHABLE: 'store',
  STORE_UNAUTHORISED: 'store',
  STORE_TLS_FAILED: 'store',
  /** A web server answered against the rules of HTTP, or something else than was asked. */
  STORE_BAD_ANSWER: 'store',
  STORE_BAD_REDIRECT: 'store',
  /** A file was replaced while it was read. */
  STORE_CHANGED: 'store',
  /** The version is published already, with other content. Releases are immutable. */
  STORE_ALREADY_PUBLISHED: 'store',
  /** Something else is where the version is to be published. */
  STORE_OCCUPIED: 'store',
  STORE_PUBLISH_FAILED: 'store',
  /** Another run publishes this version, or took it over. */
  STORE_PUBLISHING_ELSEWHERE: 'store',
  /** The tag belonged to a release that was deleted and could never be changed: nobody gets it again. */
  STORE_TAG_BURNT: 'store',
  /** The server wants to be left alone for longer than we wait. */
  STORE_RATE_LIMITED: 'store',
  /** The local cache could not be written: no space, most often. */
  STORE_CACHE_FAILED: 'state',
  /** An asset is longer or shorter than announced. */
  STORE_LENGTH_MISMATCH: 'trust',
  STORE_DIGEST_MISMATCH: 'trust',
} as const satisfies Record<string, Category>;

/** Codes of this package. */
export type StoreErrorCode = keyof typeof CATEGORY_OF;

/** What a store lacks, would not do, or delivered wrong. */
export class StoreError extends errorsOf(CATEGORY_OF) {}
