import { existsSync } from 'node:fs';
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
 * packages are taken from their sources. Who has built everything a moment ago says so with `GOLDSTREAM_BUILT=1`, as
 * `scripts/test.sh` does: then programs are started as they are installed, which takes less than half the time.
 *
 * @example
 * const receiver = cli(fileURLToPath(import.meta.resolve('../src/main.ts')));
 * expect(await receiver.run(['status', '--json'])).toMatchObject({ exitCode: 0 });
 */
export function cli(script: string): Cli {
  const start = startOf(script);
  const command = (args: readonly string[]): Command => [process.execPath, ...start, ...args];
  return {
    command,
    run: (args, options) => systemRunner.run(command(args), { ...options, accept: EVERY_EXIT_CODE }),
  };
}

function startOf(script: string): readonly string[] {
  const bundle = script.replace(/\/src\/main\.ts$/, '/dist/bundle/main.js');
  const isBuilt = process.env['GOLDSTREAM_BUILT'] === '1' && bundle !== script && existsSync(bundle);
  return isBuilt ? [bundle] : ['--conditions=source', script];
}
