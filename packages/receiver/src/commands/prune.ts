import { plannedCommand } from '@goldstream/cli';
import { demandRoot } from '@goldstream/system';
import { exclusively } from '../host/exclusively.ts';
import type { Tools } from '../host/tools.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';
import { gatherPrune } from '../prune/facts.ts';
import { planPrune } from '../prune/plan-prune.ts';
import { pruneHandlers } from '../prune/prune-handlers.ts';
import { renderPruned, tellPruned } from '../prune/tell-pruned.ts';

export const prune = plannedCommand({
  name: 'prune',
  summary: 'Remove versions and deployments that nobody needs; says why the others are kept',
  examples: ['goldstream-receiver prune --dry-run', 'goldstream-receiver prune --keep 2'],
  options: {
    keep: { type: 'integer', min: 1, summary: 'how many of the newest versions are kept (default: as configured)' },
    store: { type: 'string', placeholder: 'url', summary: 'another store than the configured one' },
  },
  bracket: exclusively,
  plan: async (wish, tools: Tools) => {
    // What goes is told one by one, by its handlers.
    tools.audit.undertake({ event: 'prune', subject: {} });
    demandRoot();
    await demandPrepared(tools.layout);
    return planPrune(await gatherPrune(tools, wish));
  },
  handlers: pruneHandlers,
  result: async (_, tools, plan) => tellPruned(tools, plan),
  render: renderPruned,
});
