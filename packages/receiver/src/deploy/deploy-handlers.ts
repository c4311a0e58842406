import type { Handlers } from '@goldstream/plan';
import { deleteSubvolume, findSubvolume } from '@goldstream/system';
import { carryOutWithin } from '../host/carry-out-within.ts';
import type { Tools } from '../host/tools.ts';
import { integrationHandlers } from '../integrate/integration-handlers.ts';
import { deploymentSite } from '../integrate/site.ts';
import { gatherPrune } from '../prune/facts.ts';
import { planPrune } from '../prune/plan-prune.ts';
import { pruneHandlers } from '../prune/prune-handlers.ts';
import { receiveHandlers } from '../receive/receive-handlers.ts';
import { transactionHandlers } from '../transaction/transaction-handlers.ts';
import { checkTree } from './check-tree.ts';
import { createDeployment } from './create-deployment.ts';
import { judgeUnits } from './judge.ts';
import { mountDeployment } from './overlay.ts';
import { planReceived } from './plan-received.ts';
import { recordDeployment } from './record-deployment.ts';
import type { DeployStep } from './step.ts';
import { switchDeployment } from './switch.ts';
import { unmountDeployment } from './unmount-deployment.ts';

/** How each step of deploying, upgrading and rolling back is done. What is left when one fails is for `recover`. */
export function deployHandlers(tools: Tools): Handlers<DeployStep> {
  const { runner, layout, systemctl } = tools;
  const handlers: Handlers<DeployStep> = {
    ...receiveHandlers(tools),
    ...transactionHandlers(tools),
    ...integrationHandlers(tools, deploymentSite(layout)),
    'create-deployment': (step) => createDeployment(tools, step),
    'mount-deployment': async ({ number, version, layer }) => {
      const { root, overlay, provisional } = layout.deployment(number);
      await mountDeployment(tools, { version, overlay: layer === 'own' ? overlay : provisional, at: root });
    },
    'check-tree': checkTree,
    'unmount-provisional': async ({ number }) => {
      const { root, provisional } = layout.deployment(number);
      await unmountDeployment(tools, root);
      // The name is one that only this deployment uses, and its number is used once.
      if ((await findSubvolume(runner, provisional)) !== undefined) await deleteSubvolume(runner, provisional);
    },
    switch: (step) => switchDeployment(tools, step),
    judge: ({ units }) => judgeUnits(systemctl, units),
    record: ({ record }) => recordDeployment(tools, record),
    'deploy-received': async (step) => carryOutWithin(tools, await planReceived(tools, step.version, step), handlers),
    prune: async () => carryOutWithin(tools, planPrune(await gatherPrune(tools)), pruneHandlers(tools)),
  };
  return handlers;
}
