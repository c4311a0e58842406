import { type FileHandle, open } from 'node:fs/promises';
import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';

/** A lock that is held until it is released or the process ends, however it ends. */
export interface Lock extends AsyncDisposable {
  release(): Promise<void>;
}

/**
 * Takes an exclusive flock(2) on a file. The lock belongs to our open file description: `flock` (util-linux) sets it
 * on the descriptor that it inherits, and it stays when that program ends. Node opens with close-on-exec, so no other
 * child keeps it.
 *
 * Rejects with `SYSTEM_LOCKED`, naming the holder, when somebody else has it.
 */
export async function acquireLock(runner: Runner, path: string): Promise<Lock> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { exitCode } = await runner.run(['flock', '--exclusive', '--nonblock', '3'], {
      descriptors: [file.fd],
      accept: [1],
    });
    if (exitCode !== 0) {
      throw new SystemError('SYSTEM_LOCKED', `${path} is held by ${await holderOf(file)}`, {
        hint: 'Wait until it has finished and run the command again.',
      });
    }
    await file.truncate(0);
    await file.write(`process ${process.pid} since ${new Date().toISOString()}\n`);
  } catch (error) {
    await file.close();
    throw error;
  }
  const release = async () => {
    await file.close();
  };
  return { release, [Symbol.asyncDispose]: release };
}

async function holderOf(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(200), 0, 200, 0);
  const said = buffer.subarray(0, bytesRead).toString('utf8').trim();
  return said === '' ? 'another process' : said;
}
