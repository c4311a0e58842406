import type { Session } from './session.ts';
import type { Arguments, Options } from './values.ts';

/** What every command says about itself. */
export interface CommandDeclaration<A extends Arguments, O extends Options> {
  /** One word, as typed. */
  readonly name: string;
  /** One line, imperative, without a full stop. */
  readonly summary: string;
  /** Whole command lines, for the end of the help. */
  readonly examples: readonly string[];
  readonly arguments?: A;
  readonly options?: O;
}

/** The words after the command's name, sorted but not yet read. */
export interface Words {
  readonly arguments: readonly string[];
  /** By option name: text, texts, or `true` for a flag. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly dryRun: boolean;
}

/** A command whose own types are closed over: made by `plannedCommand` and `query` only. */
export interface Command<Tools> extends CommandDeclaration<Arguments, Options> {
  readonly kind: 'planned' | 'query';
  readonly arguments: Arguments;
  readonly options: Options;
  /**
   * Reads the words and gives back what is left to do; that resolves to the exit code.
   * @throws CliError `CLI_USAGE` for a word that cannot be read
   */
  prepare(words: Words): (tools: Tools, session: Session) => Promise<number>;
}
