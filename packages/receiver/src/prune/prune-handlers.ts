import { formatBytes } from '@goldstream/cli';
import type { Handlers } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import { awaitDeletedSubvolumes, spaceOf } from '@goldstream/system';
import { deleteBackup } from '../backup/delete-backup.ts';
import type { Tools } from '../host/tools.ts';
import { tidyStages } from '../stage/stage-handlers.ts';
import { transactionHandlers } from '../transaction/transaction-handlers.ts';
import { deleteVersion } from './delete-version.ts';
import type { PruneStep } from './plan-prune.ts';
import { removeDeployment } from './remove-deployment.ts';

type Gone = { readonly version: Version } | { readonly deployment: number };

/** How each step of `prune` is done. What turns out to be in use is kept, with a warning; the next prune looks again. */
export function pruneHandlers(tools: Tools): Handlers<PruneStep> {
  const { runner, io, audit } = tools;
  /** One line for everything that is gone, and once more for what an interrupted prune had not told. */
  const tell = async (kept: string | undefined, subject: Gone) => {
    if (kept === undefined) await audit.record({ event: 'prune', subject, outcome: { kind: 'done' } });
    else io.warn(`kept: ${kept}`);
  };
  return {
    ...transactionHandlers(tools),
    'tidy-stages': () => tidyStages(tools),
    'remove-deployment': async (step) => tell(await removeDeployment(tools, step), { deployment: step.record.number }),
    'delete-version': async (step) => tell(await deleteVersion(tools, step), { version: step.version }),
    'delete-backup': async (step) => {
      const kept = await deleteBackup(tools, step);
      if (kept !== undefined) io.warn(`kept: ${kept}`);
    },
    'await-space': async ({ pool, usedBytes }) => {
      await awaitDeletedSubvolumes(runner, pool);
      const { used } = await spaceOf(runner, pool);
      io.say(`${formatBytes(Math.max(0, usedBytes - used))} freed`);
    },
  };
}
