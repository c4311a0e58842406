import { type Command, type Ended, type RunOptions, systemRunner } from '@goldstream/system';

/** A command-line program of ours, run from its TypeScript source. */
export interface Cli {
  /** Runs it to the end. No exit code is a failure of the test by itself: what it should be is the test's to say. */
  run(args: readonly string[], options?: Omit<RunOptions, 'accept'>): Promise<Ended>;
  /** The command that `run` runs, for a test that starts and signals it itself. */
  command(args: readonly string[]): Command;
}

const EVERY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);

/**
 * The program whose main file is `script`, under the Node that runs the tests. Nothing needs to be built: workspace
 * packages are taken from their sources.
 *
 * @example
 * const receiver = cli(fileURLToPath(import.meta.resolve('../src/main.ts')));
 * expect(await receiver.run(['status', '--json'])).toMatchObject({ exitCode: 0 });
 */
export function cli(script: string): Cli {
  const command = (args: readonly string[]): Command => [process.execPath, '--conditions=source', script, ...args];
  return {
    command,
    run: (args, options) => systemRunner.run(command(args), { ...options, accept: EVERY_EXIT_CODE }),
  };
}
