import type { Handlers } from '@goldstream/plan';
import { removeDurably } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { integrationHandlers } from '../integrate/integration-handlers.ts';
import { deploymentSite } from '../integrate/site.ts';
import { removeMarker } from '../stage/marker.ts';
import { stagingPaths } from '../stage/staging-paths.ts';
import { transactionHandlers } from '../transaction/transaction-handlers.ts';
import type { GiveUpStep } from './step.ts';

/** How each step of giving everything up is done; each can be done again. */
export function giveUpHandlers(tools: Tools): Handlers<GiveUpStep> {
  const { layout } = tools;
  return {
    ...transactionHandlers(tools),
    ...integrationHandlers(tools, deploymentSite(layout)),
    'activate-nothing': () => removeDurably(layout.current),
    'forget-stage': ({ stage, tree }) => removeMarker(stagingPaths(layout).tree(stage, tree)),
  };
}
