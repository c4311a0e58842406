import type { Progress } from './progress.ts';

/** The outside of a program, handed in: `runMain` has the real one, tests their own. */
export interface Io {
  /** stdout: the result, nothing else. */
  out(text: string): void;
  /** stderr: the story. */
  err(text: string): void;
  /** Width in columns when stderr is a terminal; `undefined` when it is not. */
  readonly columns: number | undefined;
  /** Aborted when the program was asked to stop; its reason is a `CliError` with code `CLI_INTERRUPTED`. */
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

/** The part of the outside that tools may use; what is said here goes to stderr and keeps clear of the progress line. */
export interface CommandIo {
  /** One line of the story; silent with `--quiet`. */
  say(line: string): void;
  /** One line that must be seen; never silent. */
  warn(line: string): void;
  /** Silent with `--quiet`. */
  readonly progress: Progress;
  /** Hand it to everything that can stop early; throw its reason where it is safe to stop. */
  readonly signal: AbortSignal;
  now(): number;
}
