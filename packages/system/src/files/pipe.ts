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
    await widen(runner, readEnd);
    return { readEnd, writeEnd };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** What a pipe may hold at most without a privilege: the default of /proc/sys/fs/pipe-max-size. */
const WIDE_BYTES = 1024 * 1024;

/** `fcntl(F_SETPIPE_SZ)`, 1031 in fcntl.h, on the descriptor that is inherited as 3. */
const SET_PIPE_SIZE = 'open(my $pipe, "<&=3") or die; fcntl($pipe, 1031, 0 + $ARGV[0]) or die';

/**
 * Makes a pipe hold 1 MiB instead of 64 KiB, so that programs at its ends wait for each other a sixteenth as often.
 * Node cannot ask for that; perl, which no Debian or Ubuntu is without, can, on a pipe it inherits. Without it, or
 * where the kernel says no, the pipe stays as it is and everything works the same, more slowly.
 */
async function widen(runner: Runner, readEnd: number): Promise<void> {
  await runner.run(['perl', '-e', SET_PIPE_SIZE, String(WIDE_BYTES)], { descriptors: [readEnd] }).catch(() => {});
}
