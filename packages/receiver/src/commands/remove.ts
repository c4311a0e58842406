import { CliError, plannedCommand } from '@goldstream/cli';
import type { Tools } from '../host/tools.ts';
import { gatherRemove } from '../remove/facts.ts';
import { whileThereIsAPool } from '../remove/held-lock.ts';
import { planRemove } from '../remove/plan-remove.ts';
import { removeHandlers } from '../remove/remove-handlers.ts';
import { renderRemoved } from '../remove/render-removed.ts';

export const remove = plannedCommand({
  name: 'remove',
  summary: 'Give this host back as it was before prepare: everything that was placed on it goes',
  examples: [
    'goldstream-receiver remove --all --dry-run',
    'goldstream-receiver remove --all',
    'goldstream-receiver remove --all --delete-data --yes',
  ],
  options: {
    all: { type: 'boolean', summary: 'everything; there is no less' },
    deleteData: { type: 'boolean', summary: 'also versions, deployments and the loopback image; asks for --yes' },
    yes: { type: 'boolean', summary: 'the data may go' },
  },
  bracket: whileThereIsAPool,
  plan: async ({ all, deleteData, yes }, tools: Tools) => {
    if (!all)
      throw new CliError('CLI_USAGE', 'say --all: everything is removed from this host', {
        hint: 'Look first: --dry-run.',
      });
    const plan = planRemove(await gatherRemove(tools), { deleteData });
    if (deleteData && !yes && plan.steps.length > 0) {
      throw new CliError('CLI_USAGE', `--delete-data deletes everything in ${tools.layout.pool}, for good`, {
        hint: 'See what goes with --dry-run --yes; then say --yes.',
      });
    }
    tools.audit.undertake({ event: 'remove', subject: {} });
    return plan;
  },
  handlers: (tools) => {
    const handlers = removeHandlers(tools);
    // The trail lies in the pool: whoever closes that has nowhere to announce it.
    return { ...tools.audit.announcing(handlers), 'close-pool': handlers['close-pool'] };
  },
  result: async (_, __, plan) => ({ kept: plan.notes ?? [] }),
  render: renderRemoved,
});
