import { type Category, errorsOf } from '@goldstream/errors';

const CATEGORY_OF = {
  /** A required input is empty. */
  ACTION_INPUT_MISSING: 'usage',
  /** No version was given, and the workflow does not run on a tag. */
  ACTION_NO_TAG: 'usage',
  /** Neither root nor sudo without a password. */
  ACTION_NOT_ROOT: 'environment',
  /** A command of the builder failed; its own error was told before. */
  ACTION_BUILDER_FAILED: 'tool',
} as const satisfies Record<string, Category>;

/** Codes of this package. */
export type ActionErrorCode = keyof typeof CATEGORY_OF;

/** What keeps the action from releasing. */
export class ActionError extends errorsOf(CATEGORY_OF) {}
