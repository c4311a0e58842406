import { formatBytes } from '@goldstream/cli';
import type { Handlers } from '@goldstream/plan';
import { awaitDeletedSubvolumes, spaceOf } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { transactionHandlers } from '../transaction/transaction-handlers.ts';
import { deleteVersion } from './delete-version.ts';
import type { PruneStep } from './plan-prune.ts';
import { removeDeployment } from './remove-deployment.ts';

/** How each step of `prune` is done. What turns out to be in use is kept, with a warning; the next prune looks again. */
export function pruneHandlers(tools: Tools): Handlers<PruneStep> {
  const { runner, io } = tools;
  const tell = (kept: string | undefined) => {
    if (kept !== undefined) io.warn(`kept: ${kept}`);
  };
  return {
    ...transactionHandlers(tools),
    'remove-deployment': async (step) => tell(await removeDeployment(tools, step)),
    'delete-version': async (step) => tell(await deleteVersion(tools, step)),
    'await-space': async ({ pool, usedBytes }) => {
      await awaitDeletedSubvolumes(runner, pool);
      const { used } = await spaceOf(runner, pool);
      io.say(`${formatBytes(Math.max(0, usedBytes - used))} freed`);
    },
  };
}
