import type { Plan, Step } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import { demandPlace } from '../deploy/demand-place.ts';
import type { CreateDeployment, MountDeployment } from '../deploy/step.ts';
import { ReceiverError } from '../error.ts';
import type { HostFacts } from '../host/facts.ts';
import { numberName } from '../host/layout.ts';
import type { InstalledComponent } from '../integrate/installed-component.ts';
import { planFarm } from '../integrate/plan-farm.ts';
import { persistPlaces } from '../persist/persist-place.ts';
import type { ReceiveStep } from '../receive/step.ts';
import type { DeploymentRecord } from '../state/records.ts';
import { CONCLUDE, type TransactionStep } from '../transaction/step.ts';

/** Makes a deployment of what the steps before have made usable, and mounts it. */
export interface StageReceived extends Step {
  readonly kind: 'stage-received';
  readonly version: Version;
}

/** What `mount` does. */
export type MountStep = ReceiveStep | TransactionStep | CreateDeployment | MountDeployment | StageReceived;

/** Decides how the active deployment is mounted again, for example after a restart of the host. */
export function planMountActive(host: HostFacts): Plan<MountDeployment> {
  const { active } = host;
  if (active === undefined) {
    throw new ReceiverError('DEPLOY_NOTHING_ACTIVE', 'nothing is deployed, so there is nothing to mount', {
      hint: 'Name a version, or run `goldstream-receiver deploy`.',
    });
  }
  return mountAgain(host, active);
}

/**
 * Decides how a version is mounted without becoming active: an existing deployment of it, or a new, staged one whose
 * writable layer continues the active one's.
 */
export function planMountVersion(
  host: HostFacts,
  version: Version,
  components: readonly InstalledComponent[],
  now: Date,
): Plan<MountStep> {
  const { active, deployments, layout, nextNumber: number } = host;
  const existing =
    active?.version === version
      ? active
      : deployments.findLast((one) => one.version === version && one.state === 'staged');
  if (existing !== undefined) return mountAgain(host, existing);
  demandPlace(host, number);
  const record: DeploymentRecord = {
    number,
    version,
    state: 'staged',
    createdAt: now.toISOString(),
    ...(active === undefined ? {} : { previous: active.number }),
    placed: [],
    enabled: [],
  };
  const { root } = layout.deployment(number);
  return {
    goal: `have ${version} mounted at ${root}`,
    notes: [`it is not active: \`goldstream-receiver deploy ${version}\` makes it so`],
    steps: [
      {
        kind: 'intend',
        says: `note that deployment ${numberName(number)} is being made`,
        intent: { kind: 'staging', number },
      },
      {
        kind: 'create-deployment',
        says: `make deployment ${numberName(number)} of ${version}`,
        record,
        farm: planFarm(components),
        persist: persistPlaces(components),
        upper: active === undefined ? { kind: 'empty' } : { kind: 'continued', of: active.number },
      },
      { kind: 'mount-deployment', says: `mount it at ${root}`, number, version, layer: 'own' },
      CONCLUDE,
    ],
  };
}

function mountAgain(host: HostFacts, { number, version }: DeploymentRecord): Plan<MountDeployment> {
  const { layout, mounts } = host;
  demandPlace(host, number);
  const { root } = layout.deployment(number);
  const goal = `have ${version} mounted at ${root}`;
  if (mounts.has(root)) return { goal, steps: [] };
  const says = `mount deployment ${numberName(number)} of ${version} at ${root}`;
  return { goal, steps: [{ kind: 'mount-deployment', says, number, version, layer: 'own' }] };
}
