import { EXIT_CODES } from '@goldstream/errors';
import type { Io } from './io.ts';
import type { Program } from './program.ts';
import { runProgram } from './run-program.ts';
import { stopSignals } from './signals.ts';

/**
 * The whole of a program's main file: runs it on the real process and leaves the exit code with it.
 * The process ends by itself when nothing is left to do, so every `finally` has run.
 */
export async function runMain<Tools>(program: Program<Tools>): Promise<void> {
  const { stdout, stderr } = process;
  // Nobody is left to be told.
  stderr.on('error', () => {});
  let lost = 0;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that went away (`… | head`) has seen enough; a full disk has not seen the result.
    if (error.code === 'EPIPE') return;
    stderr.write(`stdout: ${error.message}\n`);
    lost = EXIT_CODES.environment;
    process.exitCode ||= lost;
  });

  const err = (text: string) => void stderr.write(text);
  // Behind the `^C` that a terminal shows.
  using stop = stopSignals(process, (line) => err(`${stderr.isTTY ? '\n' : ''}${line}\n`));
  const io: Io = {
    out: (text) => void stdout.write(text),
    err,
    get columns() {
      return stderr.isTTY ? stderr.columns : undefined;
    },
    signal: stop.signal,
    now: () => performance.now(),
  };
  process.exitCode = (await runProgram(program, process.argv.slice(2), io)) || lost;
}
