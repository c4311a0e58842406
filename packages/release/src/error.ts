import { type Category, errorsOf } from '@goldstream/errors';

const CATEGORY_OF = {
  /** A version on a command line is not `vMAJOR.MINOR.PATCH[-pre]`. */
  RELEASE_BAD_VERSION: 'usage',
  RELEASE_BAD_MANIFEST: 'input',
  /** The manifest is of a major format version that this program does not read. */
  RELEASE_FORMAT_UNKNOWN: 'input',
  RELEASE_BAD_SUMS: 'input',
  RELEASE_UNTRUSTED: 'trust',
  /** Nothing in the release leads from what the host holds to this version. */
  RELEASE_NO_STREAM: 'state',
} as const satisfies Record<string, Category>;

/** Codes of this package. */
export type ReleaseErrorCode = keyof typeof CATEGORY_OF;

/** What is wrong with a release as a document: its version, its manifest, its sums, its signature. */
export class ReleaseError extends errorsOf(CATEGORY_OF) {}
