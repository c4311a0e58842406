import { type Category, errorsOf } from '@goldstream/errors';

const CATEGORY_OF = {
  /** A version on a command line is not `vMAJOR.MINOR.PATCH[-pre]`. */
  RELEASE_BAD_VERSION: 'usage',
  RELEASE_BAD_MANIFEST: 'input',
  RELEASE_BAD_CHANNEL: 'input',
  RELEASE_BAD_KEYS: 'input',
  /** A signed document is of a major format version that this program does not read. */
  RELEASE_FORMAT_UNKNOWN: 'input',
  RELEASE_BAD_SUMS: 'input',
  RELEASE_UNTRUSTED: 'trust',
  /** A signed document is about another application, or another channel, than was asked for. */
  RELEASE_CHANNEL_MISMATCH: 'trust',
  /** The host has seen a later one: the store plays an old one back. */
  RELEASE_CHANNEL_ROLLBACK: 'trust',
  /** Two different channels of one sequence were signed. */
  RELEASE_CHANNEL_EQUIVOCATION: 'trust',
  /** The sequence jumps further than any publisher gets. */
  RELEASE_CHANNEL_FAST_FORWARD: 'trust',
  RELEASE_CHANNEL_FROM_FUTURE: 'trust',
  RELEASE_CHANNEL_EXPIRED: 'trust',
  /** The current release is older than one the host has seen, and no signed downgrade says why. */
  RELEASE_DOWNGRADE: 'trust',
  /** The channel does not name the manifest, or names another one for its version. */
  RELEASE_NOT_NAMED: 'trust',
  RELEASE_WITHDRAWN: 'trust',
  /** A keys document does not follow from the one before. */
  RELEASE_KEYS_BROKEN: 'trust',
  /** The channel names a keys document that the store did not hand out. */
  RELEASE_KEYS_MISSING: 'trust',
  /** Nothing in the release leads from what the host holds to this version. */
  RELEASE_NO_STREAM: 'state',
  /** A channel, or the keys, cannot be changed in this way. */
  RELEASE_CHANNEL_CONFLICT: 'state',
  RELEASE_KEYS_CONFLICT: 'state',
  /** The clock stands before a time that was signed already. */
  RELEASE_CLOCK_BEHIND: 'environment',
} as const satisfies Record<string, Category>;

/** Codes of this package. */
export type ReleaseErrorCode = keyof typeof CATEGORY_OF;

/** What is wrong with a release as a document: its version, its manifest, its sums, its signature. */
export class ReleaseError extends errorsOf(CATEGORY_OF) {}
