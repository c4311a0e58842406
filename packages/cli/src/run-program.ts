import { describeError, EXIT_CODES, exitCodeOf } from '@goldstream/errors';
import { commandIo } from './command-io.ts';
import { readCommandLine } from './command-line.ts';
import type { Chosen } from './commander-command.ts';
import { CliError } from './error.ts';
import { formatVisible } from './format-visible.ts';
import type { Io } from './io.ts';
import type { Program } from './program.ts';
import { readOptions } from './read-values.ts';
import { renderErrorJson } from './render-error-json.ts';

/**
 * Runs the command that `argv` names (without node and script) and resolves to the exit code. Never throws:
 * an error is described on stderr, and with `--json` is also one JSON document on stdout.
 */
export async function runProgram<Tools>(program: Program<Tools>, argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(program, argv, io);
  } catch (thrown) {
    const error = io.signal.aborted ? interruption(io.signal, thrown) : thrown;
    io.err(formatVisible(describeError(error)));
    if (wantsJson(argv)) io.out(renderErrorJson(error));
    return exitCodeOf(error);
  }
}

async function run<Tools>(program: Program<Tools>, argv: readonly string[], io: Io): Promise<number> {
  const line = await readCommandLine(program, argv, io);
  if ('exitCode' in line) return line.exitCode;

  const { chosen } = line;
  const { start, globals } = readAllValues(program, chosen);
  const forTools = commandIo(io, { quiet: chosen.globals['quiet'] === true });
  try {
    const tools = await program.makeTools(globals, forTools);
    const out = (text: string) => io.out(formatVisible(text));
    return await start(tools, { out, json: chosen.globals['json'] === true, io: forTools });
  } finally {
    // An error is told on a line of its own.
    forTools.progress.stop();
  }
}

/** Everything that was typed is read before anything is looked at. */
function readAllValues<Tools>(program: Program<Tools>, { command, path, globals, ...words }: Chosen<Tools>) {
  try {
    return {
      start: command.prepare({ ...words, dryRun: words.options['dryRun'] === true }),
      globals: readOptions(program.globalOptions, globals),
    };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(error.code, error.message, { hint: `See ${path} --help.`, cause: error.cause });
  }
}

/** After an abort every failure is a consequence of it, whatever it calls itself. */
function interruption(signal: AbortSignal, thrown: unknown): unknown {
  if (exitCodeOf(thrown) === EXIT_CODES.interrupted) return thrown;
  const { reason } = signal;
  const message = reason instanceof CliError ? reason.message : 'interrupted';
  const hint = reason instanceof CliError ? reason.hint : undefined;
  return new CliError('CLI_INTERRUPTED', message, { hint, cause: thrown === reason ? undefined : thrown });
}

/** Also right when the command line could not be read. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).includes('--json');
}
