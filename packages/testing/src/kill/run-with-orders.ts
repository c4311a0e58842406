import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, type Ended, SystemError, systemRunner } from '@goldstream/system';
import { eventually } from '../systemd/eventually.ts';
import { withTemporaryDirectory } from '../temporary-directory.ts';
import { type Blow, type Moment, ORDERS, type Orders, type SeenMoment } from './moment.ts';
import { processesOfRun } from './processes-of-run.ts';

const INSTRUMENT = new URL('./instrument.ts', import.meta.url);
const NOTHING = /(?!)/;
const EVERY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);

/** How a run that was looked at ended. */
export interface SeenRun {
  readonly ended: Ended;
  readonly moments: readonly SeenMoment[];
}

/** How a run that was struck ended. */
export interface StruckRun {
  /** Undefined: it was killed. */
  readonly ended: Ended | undefined;
  /** What it said last before it was killed, and what else is known. */
  readonly said: string;
}

/**
 * Runs a command of ours, a Node program, to its end and gives back its moments.
 * @param watch file with the log of a disk, whose position is then part of each moment
 */
export async function lookAtRun(command: Command, { watch }: { readonly watch?: string } = {}): Promise<SeenRun> {
  return withTemporaryDirectory(async (directory) => {
    const journal = join(directory, 'journal');
    const run = randomUUID();
    const ended = await start(command, { run, journal, ...(watch === undefined ? {} : { watch }) }, directory);
    const lines = (await readFile(journal, 'utf8')).split('\n').filter((line) => line !== '');
    // Written by our own instrument.
    return { ended, moments: lines.map((line) => JSON.parse(line) as SeenMoment) };
  });
}

/**
 * Runs a command of ours that is struck at a moment; see `instrument.ts` for how. Resolves when it and all its children
 * have ended. A moment that this run does not have is struck at the next one; after the last, the run ends as it will.
 * @param mayOutlive commands of children that need not end: the next run finds them and goes on with them
 * @throws TestingError `TESTING_TIMEOUT` when a process of it does not end
 */
export async function strikeRun(
  command: Command,
  blow: Blow,
  { step, operation }: Moment,
  mayOutlive = NOTHING,
): Promise<StruckRun> {
  return withTemporaryDirectory(async (directory) => {
    const run = randomUUID();
    const struck = await start(command, { run, blow, at: { step, operation } }, directory).then(
      (ended) => ({ ended, said: ended.stderr }),
      (error: unknown) => {
        if (!(error instanceof SystemError)) throw error;
        return { ended: undefined, said: error.message };
      },
    );
    await eventually('all processes of the run have ended', async () =>
      processesOfRun(run).every(({ command }) => mayOutlive.test(command)) ? true : undefined,
    );
    return struck;
  });
}

/** Its temporary files lie in `directory`, which goes when it has ended: whoever is killed cannot take them away. */
function start(command: Command, orders: Orders, directory: string): Promise<Ended> {
  const env = {
    [ORDERS]: JSON.stringify(orders),
    NODE_OPTIONS: `--import=${INSTRUMENT.href}`,
    TMPDIR: directory,
  };
  return systemRunner.run(command, { env, accept: EVERY_EXIT_CODE });
}
