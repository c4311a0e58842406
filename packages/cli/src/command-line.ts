import { CommanderError } from 'commander';
import type { Chosen } from './commander-command.ts';
import { commanderTree } from './commander-tree.ts';
import { CliError } from './error.ts';
import type { Io } from './io.ts';
import type { Program } from './program.ts';

/** What a command line comes to: a command, or an exit code when everything was said already (help, version). */
export type CommandLine<Tools> = { readonly chosen: Chosen<Tools> } | { readonly exitCode: number };

/**
 * Finds the command that `argv` names and sorts the words that follow.
 * @throws CliError `CLI_USAGE`, with the nearest known word as hint
 */
export async function readCommandLine<Tools>(
  program: Program<Tools>,
  argv: readonly string[],
  io: Pick<Io, 'out' | 'err' | 'columns'>,
): Promise<CommandLine<Tools>> {
  let chosen: Chosen<Tools> | undefined;
  const tree = commanderTree(program, io, (found) => {
    chosen = found;
  });
  // `help golden update` is what people type; commander's own help command knows one level, and loads nothing.
  const [first, ...rest] = argv;
  const words = first === 'help' ? [...rest, '--help'] : argv;
  try {
    await tree.parseAsync(words, { from: 'user' });
  } catch (error) {
    return { exitCode: exitCodeOfHelp(error, program.name) };
  }
  return chosen === undefined ? { exitCode: 0 } : { chosen };
}

function exitCodeOfHelp(error: unknown, name: string): number {
  if (!(error instanceof CommanderError)) throw error;
  switch (error.code) {
    case 'commander.helpDisplayed':
    case 'commander.version':
      return 0;
    // A group was named without a command: its help went to stderr.
    case 'commander.help':
      return 2;
    default:
      throw usageError(error.message, name);
  }
}

/** Commander says `error: unknown option '--partsize'\n(Did you mean --part-size?)`. */
function usageError(text: string, name: string): CliError {
  const [problem = text, suggestion] = text.replace(/^error: /, '').split('\n');
  return new CliError('CLI_USAGE', problem, {
    hint: suggestion?.replace(/^\((.*)\)$/, '$1') ?? `See ${name} --help.`,
  });
}
