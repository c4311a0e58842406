import { type FileHandle, open } from 'node:fs/promises';
import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';

/** A lock that is held until it is released or the process ends, however it ends. */
export interface Lock extends AsyncDisposable {
  release(): Promise<void>;
}

/** How long somebody else is waited for. */
export interface Waiting {
  /** Seconds; default 0: not at all. */
  readonly patience?: number;
  /** Ends the waiting before that. */
  readonly signal?: AbortSignal;
}

/** What is read of the file to name a holder; command lines may be long. Bytes. */
const HOLDER_BYTES = 400;

/**
 * Takes an exclusive flock(2) on a file. The lock belongs to our open file description: `flock` (util-linux) sets it
 * on the descriptor that it inherits, and it stays when that program ends. Node opens with close-on-exec, so no other
 * child keeps it.
 *
 * Rejects with `SYSTEM_LOCKED`, naming the holder by process, time and command, when somebody else has it, or has it
 * still after the time that may be waited.
 */
export async function acquireLock(runner: Runner, path: string, { patience = 0, signal }: Waiting = {}): Promise<Lock> {
  const file = await open(path, 'a+', 0o600);
  try {
    const manner = patience === 0 ? ['--nonblock'] : ['--timeout', String(patience)];
    const { exitCode } = await runner.run(['flock', '--exclusive', ...manner, '3'], {
      descriptors: [file.fd],
      accept: [1],
      ...(signal === undefined ? {} : { signal }),
    });
    if (exitCode !== 0) {
      const still = patience === 0 ? '' : ` still, after ${patience} seconds`;
      throw new SystemError('SYSTEM_LOCKED', `${path} is held${still} by ${await holderOf(file)}`, {
        hint: 'Wait until it has finished and run the command again; --wait SECONDS does the waiting.',
      });
    }
    await file.truncate(0);
    await file.write(`process ${process.pid} since ${new Date().toISOString()}: ${ownCommand()}\n`);
  } catch (error) {
    await file.close();
    throw error;
  }
  const release = async () => {
    await file.close();
  };
  return { release, [Symbol.asyncDispose]: release };
}

/** What was typed after the program's name, in one line. */
function ownCommand(): string {
  return process.argv
    .slice(2)
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .slice(0, HOLDER_BYTES / 2);
}

async function holderOf(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HOLDER_BYTES), 0, HOLDER_BYTES, 0);
  const said = buffer.subarray(0, bytesRead).toString('utf8').trim();
  return said === '' ? 'another process' : said;
}
