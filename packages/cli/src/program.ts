import type { Command } from './command.ts';
import type { CommandIo } from './io.ts';
import type { Options, Values } from './values.ts';

/** A command whose module is loaded when it is asked for; name and summary are those of the command itself. */
export interface LazyCommand<Tools> {
  readonly name: string;
  readonly summary: string;
  /** For example `async () => (await import('./commands/status.ts')).status`. */
  readonly load: () => Promise<Command<Tools>>;
}

/** Commands under a common word: `golden update`, `golden diff`. */
export interface CommandGroup<Tools> {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly Entry<Tools>[];
}

/** What a program or a group lists. */
export type Entry<Tools> = Command<Tools> | LazyCommand<Tools> | CommandGroup<Tools>;

/** Values of the global options. */
export type Globals<O extends Options> = Values<Record<never, never>, O>;

/** A program as declared. `--quiet`, `--json`, `--help`, `--version` and, where it makes sense, `--dry-run` come with it. */
export interface ProgramDeclaration<O extends Options, Tools> {
  readonly name: string;
  /** Without a leading `v`. */
  readonly version: string;
  readonly summary: string;
  /** Whole command lines, for the end of the help. */
  readonly examples?: readonly string[];
  /** May stand before or behind the command's name. */
  readonly globalOptions?: O;
  readonly commands: readonly Entry<Tools>[];
  /** Called once, after the whole command line was read and before the command runs. Not called for help. */
  readonly makeTools: (globals: Globals<O>, io: CommandIo) => Tools | Promise<Tools>;
}

/** A program whose own types are closed over: made by `defineProgram`, run by `runProgram`. */
export interface Program<Tools = unknown> {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly globalOptions: Options;
  readonly commands: readonly Entry<Tools>[];
  readonly makeTools: (globals: Readonly<Record<string, unknown>>, io: CommandIo) => Tools | Promise<Tools>;
}

/**
 * Declares a program.
 *
 * @example
 * await runMain(
 *   defineProgram({
 *     name: 'goldstream-receiver',
 *     version: '0.1.0',
 *     summary: 'Run versions of an application from send streams',
 *     globalOptions: { app: { type: 'string', placeholder: 'name', summary: 'which application' } },
 *     commands: [
 *       { name: 'list', summary: 'List versions', load: async () => (await import('./commands/list.ts')).list },
 *       { name: 'keys', summary: 'Trust and distrust keys', commands: [keysAdd, keysRemove] },
 *     ],
 *     makeTools: ({ app }, io) => receiverTools(app, io),
 *   }),
 * );
 */
export function defineProgram<Tools, const O extends Options = Record<never, never>>({
  name,
  version,
  summary,
  examples = [],
  globalOptions,
  commands,
  makeTools,
}: ProgramDeclaration<O, Tools>): Program<Tools> {
  return {
    name,
    version,
    summary,
    examples,
    globalOptions: globalOptions ?? {},
    commands,
    // The values were read by exactly these declarations.
    makeTools: (globals, io) => makeTools(globals as Globals<O>, io),
  };
}
