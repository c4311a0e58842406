import { open } from 'node:fs/promises';
import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';

/** How long somebody may keep the directory, in seconds, before it is not waited for any longer. */
const PATIENCE = 30;

/**
 * Takes an exclusive flock(2) on a directory itself, so that nothing is left in it and whoever may read it can take
 * part. For moments: others wait. Ends with the process, however that ends; see `acquireLock`.
 *
 * @throws SystemError `SYSTEM_LOCKED`
 */
export async function lockDirectory(runner: Runner, path: string): Promise<AsyncDisposable> {
  const directory = await open(path, 'r');
  try {
    const { exitCode } = await runner.run(['flock', '--exclusive', '--timeout', String(PATIENCE), '3'], {
      descriptors: [directory.fd],
      accept: [1],
    });
    if (exitCode === 0) return { [Symbol.asyncDispose]: () => directory.close() };
    throw new SystemError('SYSTEM_LOCKED', `${path} is held by another process for more than ${PATIENCE} seconds`, {
      hint: 'Find out with `lslocks` who holds it.',
    });
  } catch (error) {
    await directory.close();
    throw error;
  }
}
