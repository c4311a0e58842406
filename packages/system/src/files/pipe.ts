import { constants, openSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '../runner.ts';

/** Both ends of a kernel pipe as descriptors. Each end is closed by the one it was handed to. */
export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

/**
 * A real pipe(7). Node gives its children socket pairs, which cost twice the time per byte; a FIFO that is opened at
 * both ends and unlinked at once is a pipe without a name.
 */
export async function openPipe(runner: Runner): Promise<Pipe> {
  const directory = await mkdtemp(join(tmpdir(), 'goldstream-pipe-'));
  try {
    const path = join(directory, 'pipe');
    await runner.run(['mkfifo', '--mode=600', path]);
    // Opened for both first (fifo(7), Linux), so that neither of the others has to wait for its partner.
    const both = await open(path, constants.O_RDWR);
    const readEnd = openSync(path, constants.O_RDONLY);
    const writeEnd = openSync(path, constants.O_WRONLY);
    await both.close();
    return { readEnd, writeEnd };
  } finally {
    await rm(directory, { recursive: true });
  }
}
