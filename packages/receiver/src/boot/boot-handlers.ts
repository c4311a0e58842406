import { executePlan, type Handlers } from '@goldstream/plan';
import { gatherHost } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { mountHandlers } from '../mount/mount-handlers.ts';
import { planMountActive } from '../mount/plan-mount.ts';
import type { BootStep } from './plan-boot.ts';

/** How the steps of a start are done. */
export function bootHandlers(tools: Tools): Handlers<BootStep> {
  const { layout, io } = tools;
  return {
    'mount-active': async () => {
      const host = await gatherHost(layout);
      if (host.active === undefined) return io.say('nothing is deployed: nothing to mount');
      await executePlan(planMountActive(host), mountHandlers(tools));
    },
    'recover-late': async () => {},
  };
}
