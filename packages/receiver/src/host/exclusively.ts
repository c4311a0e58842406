import { acquireLock } from '@goldstream/system';
import { demandReady } from '../prepare/demand-ready.ts';
import { explainFailure, explaining } from '../space/explain-failure.ts';
import { settleFailed, settleInterrupted } from '../transaction/settle.ts';
import type { Tools } from './tools.ts';

/**
 * Runs `work` as the only changing command of this application on this host: the bracket of every changing command but
 * `prepare`. What an earlier command was interrupted in is finished or undone first; what `work` leaves when it fails, at
 * once.
 */
export async function exclusively(tools: Tools, work: () => Promise<void>): Promise<void> {
  await locked(tools, async () => {
    await settleInterrupted(tools);
    try {
      await tools.trust.learning(work);
    } catch (failure) {
      // Looked at while it is as it was: what is settled gives space back.
      const why = await explainFailure(tools, failure);
      await settleFailed(tools, why);
      throw why;
    }
  });
}

/** Runs `work` under the lock, and tells the trail how it ended, and nothing beside it: the bracket of `recover` itself. */
export async function locked(tools: Tools, work: () => Promise<void>): Promise<void> {
  await demandReady(tools);
  const { patience, io, audit } = tools;
  await explaining(tools, async () => {
    await using _lock = await acquireLock(tools.runner, tools.layout.lock, { patience, signal: io.signal });
    await audit.during(work);
  });
}
