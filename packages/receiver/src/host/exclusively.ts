import { acquireLock } from '@goldstream/system';
import { demandReady } from '../prepare/demand-ready.ts';
import type { Tools } from './tools.ts';

/** Runs `work` as the only changing command of this application on this host. The bracket of every changing command but `prepare`. */
export async function exclusively(tools: Tools, work: () => Promise<void>): Promise<void> {
  await demandReady(tools);
  await using _lock = await acquireLock(tools.runner, tools.layout.lock);
  await tools.trust.learning(work);
}
