import { type Category, errorsOf } from '@goldstream/errors';

const CATEGORY_OF = {
  /** There is no pool yet, or it is not mounted. */
  BUILDER_NO_POOL: 'environment',
  /** Something is where the pool should be. */
  BUILDER_POOL_BLOCKED: 'environment',
  BUILDER_BAD_DATE: 'environment',
  BUILDER_NO_RECIPE: 'input',
  BUILDER_BAD_APPLICATION: 'input',
  /** A component's manifest names a file that the component does not have. */
  BUILDER_FILE_MISSING: 'input',
  BUILDER_UNREADABLE: 'input',
  /** A stream that the named release does not offer. */
  BUILDER_NOT_OF_RELEASE: 'trust',
  /** A snapshot holds a set-uid file or the like that the recipe does not list. */
  BUILDER_UNLISTED_PRIVILEGE: 'input',
  BUILDER_NO_STORE: 'usage',
  BUILDER_BINARY_TO_TERMINAL: 'usage',
  BUILDER_BAD_RECORD: 'state',
  BUILDER_GOLDEN_NOT_UPDATED: 'state',
  /** Golden is not what `golden update` left. */
  BUILDER_GOLDEN_CHANGED: 'state',
  BUILDER_SNAPSHOT_EXISTS: 'state',
  BUILDER_SNAPSHOT_MISSING: 'state',
  /** A snapshot is not the one that was recorded. */
  BUILDER_SNAPSHOT_REPLACED: 'state',
  BUILDER_PARENT_UNKNOWN: 'state',
  BUILDER_OVER_BUDGET: 'state',
  BUILDER_KEY_EXISTS: 'state',
  /** No host would count what it signs: expired, revoked, weak, not for signing, withdrawn, not announced. */
  BUILDER_KEY_UNUSABLE: 'trust',
  /** Fewer keys can sign here than the newest keys document asks for. */
  BUILDER_TOO_FEW_KEYS: 'environment',
  BUILDER_NO_CHANNEL: 'state',
  /** The channel in the store is not what our keys signed: no base for an edit. */
  BUILDER_CHANNEL_UNTRUSTED: 'trust',
  /** `btrfs send` wrote a stream of something else than it was asked for. */
  BUILDER_WRONG_STREAM: 'tool',
  BUILDER_RELEASED_OTHERWISE: 'store',
} as const satisfies Record<string, Category>;

/** Codes of this package. */
export type BuilderErrorCode = keyof typeof CATEGORY_OF;

/** What keeps a version from being built or released. */
export class BuilderError extends errorsOf(CATEGORY_OF) {}
