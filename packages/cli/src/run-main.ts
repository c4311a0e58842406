import type { Io } from './io.ts';
import type { Program } from './program.ts';
import { runProgram } from './run-program.ts';
import { stopSignals } from './signals.ts';

/**
 * The whole of a program's main file: runs it on the real process and leaves the exit code with it.
 * The process ends by itself when nothing is left to do, so every `finally` has run.
 */
export async function runMain<Tools>(program: Program<Tools>): Promise<void> {
  // A reader that went away (`… | head`) does not stop a command that changes something: the rest is said to nobody.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  const err = (text: string) => void process.stderr.write(text);
  using stop = stopSignals(process, (line) => err(`\n${line}\n`));
  const io: Io = {
    out: (text) => void process.stdout.write(text),
    err,
    columns: process.stderr.isTTY ? process.stderr.columns : undefined,
    signal: stop.signal,
    now: () => performance.now(),
  };
  process.exitCode = await runProgram(program, process.argv.slice(2), io);
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
