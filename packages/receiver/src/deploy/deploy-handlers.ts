import { executePlan, type Handlers, type Plan, type Step } from '@goldstream/plan';
import { deleteSubvolume, findSubvolume, unmount } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import { integrationHandlers } from '../integrate/integration-handlers.ts';
import { deploymentSite } from '../integrate/site.ts';
import { gatherPrune } from '../prune/facts.ts';
import { planPrune } from '../prune/plan-prune.ts';
import { pruneHandlers } from '../prune/prune-handlers.ts';
import { receiveHandlers } from '../receive/receive-handlers.ts';
import { writeDeploymentRecord } from '../state/store-records.ts';
import { checkTree } from './check-tree.ts';
import { createDeployment } from './create-deployment.ts';
import { gatherDeploy } from './facts.ts';
import { goBack } from './go-back.ts';
import { judgeUnits } from './judge.ts';
import { mountDeployment } from './overlay.ts';
import { planDeploy } from './plan-deploy.ts';
import type { DeployStep, Switch } from './step.ts';
import { switchDeployment } from './switch.ts';

/**
 * How each step of deploying, upgrading and rolling back is done. Whatever fails after the switch and before the new
 * deployment is good makes the host go back by itself.
 */
export function deployHandlers(tools: Tools): Handlers<DeployStep> {
  const { runner, layout, systemctl } = tools;
  let onTrial: Switch | undefined;
  const stopped: string[] = [];
  const integration = integrationHandlers(tools, deploymentSite(layout));
  const handlers: Handlers<DeployStep> = {
    ...receiveHandlers(tools),
    ...integration,
    'stop-units': async (step) => {
      stopped.push(...step.units);
      await integration['stop-units'](step);
    },
    'create-deployment': (step) => createDeployment(tools, step),
    'mount-deployment': async ({ number, version, layer }) => {
      const { root, overlay, provisional } = layout.deployment(number);
      await mountDeployment(tools, { version, overlay: layer === 'own' ? overlay : provisional, at: root });
    },
    'check-tree': checkTree,
    'unmount-provisional': async ({ number }) => {
      const { root, provisional } = layout.deployment(number);
      await unmount(runner, root);
      // The name is one that only this deployment uses, and its number is used once.
      if ((await findSubvolume(runner, provisional)) !== undefined) await deleteSubvolume(runner, provisional);
    },
    switch: async (step) => {
      await switchDeployment(tools, step);
      onTrial = step;
    },
    judge: ({ units }) => judgeUnits(systemctl, units),
    record: async ({ record }) => {
      await writeDeploymentRecord(layout, record);
      if (record.state === 'good' && record.number === onTrial?.to) onTrial = undefined;
    },
    'deploy-received': async ({ version }) => {
      const facts = await gatherDeploy(tools, version);
      await tell(tools, planDeploy(facts, { kind: 'deploy' }), handlers);
    },
    prune: async () => tell(tools, planPrune(await gatherPrune(tools)), pruneHandlers(tools)),
  };
  return guarded(handlers, async (cause) => {
    if (onTrial === undefined) {
      // Nothing was switched: what was stopped for it runs again.
      await systemctl.start(stopped.splice(0));
      return;
    }
    const failed = onTrial;
    onTrial = undefined;
    await goBack(tools, failed, { cause, stopped }).catch((second: unknown) => {
      throw new ReceiverError('DEPLOY_NOT_BACK', 'the new version failed, and going back from it failed too', {
        cause: second,
        hint: 'Look at `goldstream-receiver status` and `verify`; then deploy the version that shall run by name.',
      });
    });
  });
}

/** Runs a plan inside a step of another one and tells its steps. */
async function tell<S extends Step>({ io }: Tools, plan: Plan<S>, handlers: Handlers<S>): Promise<void> {
  for (const note of plan.notes ?? []) io.say(`  note: ${note}`);
  await executePlan(plan, handlers, (event) => {
    if (event.kind === 'started') io.say(`  ${event.step.says}`);
  });
}

/** The same handlers, each followed by `onFailure` when it fails; the failure stays what it was. */
function guarded<S extends Step>(handlers: Handlers<S>, onFailure: (cause: unknown) => Promise<void>): Handlers<S> {
  const wrapped = Object.entries(handlers).map(([kind, handle]) => {
    const run = async (step: S) => {
      try {
        // The entry of this kind takes steps of this kind.
        await (handle as (step: S) => Promise<void>)(step);
      } catch (cause) {
        await onFailure(cause);
        throw cause;
      }
    };
    return [kind, run];
  });
  // The same keys as before, each with a handler of the same kind.
  return Object.fromEntries(wrapped) as Handlers<S>;
}
