import { type Category, errorsOf } from '@goldstream/errors';

const CATEGORY_OF = {
  TESTING_BAD_LOG: 'input',
  TESTING_CAPABILITY_MISSING: 'environment',
  TESTING_CRASHED_DISK: 'state',
  TESTING_GITHUB_MISMATCH: 'bug',
  TESTING_HOST_FAILED: 'state',
  TESTING_TIMEOUT: 'state',
  TESTING_UNEXPECTED_COMMAND: 'bug',
} as const satisfies Record<string, Category>;

/** Codes of this package. */
export type TestingErrorCode = keyof typeof CATEGORY_OF;

/** What the test equipment could not do. */
export class TestingError extends errorsOf(CATEGORY_OF) {}
