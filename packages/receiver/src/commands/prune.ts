import { plannedCommand } from '@goldstream/cli';
import { demandRoot } from '@goldstream/system';
import { exclusively } from '../host/exclusively.ts';
import type { Tools } from '../host/tools.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';
import { gatherPrune } from '../prune/facts.ts';
import { planPrune } from '../prune/plan-prune.ts';
import { pruneHandlers } from '../prune/prune-handlers.ts';
import { renderPruned, tellPruned } from '../prune/tell-pruned.ts';
import { isUntidy } from '../stage/gather-tidy.ts';
import { TIDY } from '../stage/step.ts';

export const prune = plannedCommand({
  name: 'prune',
  summary: 'Remove versions, deployments and snapshots of stages that nobody needs; says why versions are kept',
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
    const plan = planPrune(await gatherPrune(tools, wish));
    return (await isUntidy(tools)) ? { ...plan, steps: [...plan.steps, TIDY] } : plan;
  },
  handlers: pruneHandlers,
  result: async (_, tools, plan) => tellPruned(tools, plan),
  render: renderPruned,
});
