import { executePlan } from '@goldstream/plan';
import { acquireLock, demandRoot } from '@goldstream/system';
import { mountDeployment } from '../deploy/overlay.ts';
import { gatherHost } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { planMountActive } from '../mount/plan-mount.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';
import type { RecoverPlan } from './plan-recover.ts';
import { recover } from './recover.ts';

/** How long another command may hold the lock at boot. Seconds. */
const PATIENCE = 60;

/**
 * For the unit that runs before services start: no network, no keyring, no health, nothing is started or stopped. A
 * start with a deployment on trial is counted durably first; after three, the one before is activated. What `current`
 * names is mounted, its links and copies are finished or undone. Nothing happens where nothing was ever deployed.
 *
 * What is mounted in the end is mounted even when something else failed; that is thrown then.
 */
export async function mountActive(tools: Tools): Promise<void> {
  await atBoot(tools, async () => {
    try {
      await recover(tools, { moment: 'early' });
    } finally {
      await mountCurrent(tools);
    }
  });
}

/**
 * For the unit that runs after services were started: starts units that are new, judges what is on trial, and ends the
 * trial: good, or back to the deployment before. Finishes whatever else was interrupted.
 */
export async function recoverAtBoot(tools: Tools): Promise<RecoverPlan> {
  return atBoot(tools, () => recover(tools, { moment: 'late' }));
}

async function atBoot<T>(tools: Tools, work: () => Promise<T>): Promise<T> {
  demandRoot();
  await demandPrepared(tools.layout);
  await using _lock = await acquireLock(tools.runner, tools.layout.lock, { patience: PATIENCE });
  // Awaited here: the lock is given back when the work is done, not before.
  return await tools.audit.during(work);
}

async function mountCurrent(tools: Tools): Promise<void> {
  const { layout } = tools;
  const host = await gatherHost(layout);
  if (host.active === undefined) return;
  await executePlan(planMountActive(host), {
    'mount-deployment': async ({ number, version }) => {
      const { overlay, root } = layout.deployment(number);
      await mountDeployment(tools, { version, overlay, at: root });
    },
  });
}
