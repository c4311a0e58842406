import { type Category, errorsOf } from '@goldstream/errors';

const CATEGORY_OF = {
  /** The command line was wrong: unknown word, missing argument, value of the wrong shape. */
  CLI_USAGE: 'usage',
  CLI_BAD_CONFIG: 'input',
  /** Ctrl-C, or a signal asked the program to stop. */
  CLI_INTERRUPTED: 'interrupted',
} as const satisfies Record<string, Category>;

/** Codes of this package. */
export type CliErrorCode = keyof typeof CATEGORY_OF;

/** What was wrong with the command line, or who asked the program to stop. */
export class CliError extends errorsOf(CATEGORY_OF) {}
