import { dirname } from 'node:path';
import { acquireLock, demandRoot, makeDirectoryDurably } from '@goldstream/system';
import type { Tools } from '../tools.ts';

/**
 * Runs `work` as the only builder of the application.
 * @throws SystemError `SYSTEM_NOT_ROOT`, `SYSTEM_LOCKED`
 */
export async function withLock({ runner, layout }: Tools, work: () => Promise<void>): Promise<void> {
  demandRoot();
  await makeDirectoryDurably(dirname(layout.lock));
  await using _lock = await acquireLock(runner, layout.lock);
  await work();
}
