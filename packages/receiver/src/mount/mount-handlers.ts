import type { Handlers } from '@goldstream/plan';
import { createDeployment } from '../deploy/create-deployment.ts';
import { mountDeployment } from '../deploy/overlay.ts';
import { carryOutWithin } from '../host/carry-out-within.ts';
import { gatherHost } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { readComponents } from '../integrate/read-components.ts';
import { receiveHandlers } from '../receive/receive-handlers.ts';
import { type MountStep, planMountVersion } from './plan-mount.ts';

/** How each step of `mount` is done. */
export function mountHandlers(tools: Tools): Handlers<MountStep> {
  const { layout } = tools;
  const handlers: Handlers<MountStep> = {
    ...receiveHandlers(tools),
    'create-deployment': (step) => createDeployment(tools, step),
    'mount-deployment': async ({ number, version }) => {
      const { overlay, root } = layout.deployment(number);
      await mountDeployment(tools, { version, overlay, at: root });
    },
    'stage-received': async ({ version }) => {
      const components = await readComponents(layout.version(version));
      const plan = planMountVersion(await gatherHost(layout), version, components, tools.now());
      await carryOutWithin(tools, plan, handlers);
    },
  };
  return handlers;
}
