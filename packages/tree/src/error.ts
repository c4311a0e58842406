import { type Category, errorsOf } from '@goldstream/errors';

const CATEGORY_OF = {
  TREE_SOURCE_MISSING: 'input',
  TREE_SOURCE_ESCAPES: 'input',
  TREE_SOURCE_CONFLICT: 'input',
  TREE_SOURCE_UNSUPPORTED: 'input',
  TREE_BUILD_FAILED: 'tool',
  TREE_TAR_MALFORMED: 'input',
  TREE_TAR_UNSUPPORTED: 'input',
  TREE_TAR_UNSAFE_PATH: 'input',
  TREE_TAR_THROUGH_SYMLINK: 'input',
  TREE_TAR_DUPLICATE: 'input',
  TREE_TAR_BAD_LINK: 'input',
  TREE_TAR_TOO_LARGE: 'input',
  TREE_NESTED_SUBVOLUME: 'input',
  TREE_NESTED_MOUNT: 'input',
  TREE_NOT_A_DIRECTORY: 'input',
  TREE_UNREADABLE: 'environment',
  TREE_UNWRITABLE: 'environment',
  TREE_NO_SPACE: 'state',
  TREE_CHANGED_MEANWHILE: 'state',
} as const satisfies Record<string, Category>;

/** Codes of this package. */
export type TreeErrorCode = keyof typeof CATEGORY_OF;

/** A recipe that cannot be followed, or a tree that cannot be read as one. */
export class TreeError extends errorsOf(CATEGORY_OF) {}
