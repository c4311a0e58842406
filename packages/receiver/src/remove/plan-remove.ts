import type { Plan } from '@goldstream/plan';
import { mountService, recoverService } from '../boot/boot-units.ts';
import { ReceiverError } from '../error.ts';
import { receivedVersions } from '../host/facts.ts';
import type { Layout } from '../host/layout.ts';
import { deploymentSite } from '../integrate/site.ts';
import { removeDeployment } from '../prune/plan-prune.ts';
import { CONCLUDE, type Intend } from '../transaction/step.ts';
import { demandUnused } from './demand-unused.ts';
import { type InPool, innermostFirst, type OwnFile, poolUnit, type RemoveFacts } from './facts.ts';
import { type GiveUpFacts, type GiveUpPlan, planGiveUp } from './give-up.ts';
import type { RemoveStep } from './step.ts';

/** What the operator asked for. */
export interface RemoveWish {
  /** Whether versions, deployments and everything else in the pool go, too. */
  readonly deleteData: boolean;
}

/** What `remove` does, and what it leaves. */
export interface RemovePlan extends Plan<RemoveStep> {
  readonly kept: readonly string[];
}

/**
 * Decides how a host is given back, the opposite of `prepare`: first, as a transaction, what deployments and stages have
 * placed; then what mounts and judges at boot; then what the operator was given; the pool at the very end, because all
 * that is known of the host is in it. Every step can be cut off, and the same command goes on with the next.
 * @throws ReceiverError `REMOVE_IN_USE`, `HOST_NOT_PREPARED`
 */
export function planRemove(facts: RemoveFacts, { deleteData }: RemoveWish): RemovePlan {
  const { layout, inPool, pool } = facts;
  const goal = `give this host back as it was before ${layout.application} was prepared on it`;
  if (inPool === undefined) return { goal, kept: [], ...planLeft(facts, deleteData) };
  const given = inPool.giveUp === undefined ? undefined : planGiveUp(facts, inPool.giveUp);
  demandUnused(facts, inPool, given?.stops ?? []);
  const boot = bootSteps(facts);
  const operators = operatorSteps(layout, inPool);
  const data = deleteData ? dataSteps(facts, inPool) : [];
  const kept = [
    ...(given?.notes ?? []),
    ...boot.kept,
    ...operators.kept,
    ...(deleteData ? [] : [`${pool.image ?? layout.pool} is kept, with every version and deployment in it`]),
  ];
  const steps = [
    ...giveUpSteps(inPool.giveUp, given),
    ...unmountSteps(layout, inPool),
    ...boot.steps,
    ...data,
    ...operators.steps,
    ...unitSteps(facts),
  ];
  // A directory on somebody's Btrfs stays, so there may be nothing left to do.
  if (steps.length === 0 && !pool.isMounted && !deleteData) return { goal, kept, notes: kept, steps };
  const says = 'note on the audit trail that this host was given back';
  return {
    goal,
    kept,
    notes: kept,
    steps: [...steps, { kind: 'record-removed', says, kept }, closeStep(facts, deleteData)],
  };
}

/** The pool was closed before, or never made: what is left is what lies outside it. */
function planLeft(facts: RemoveFacts, deleteData: boolean): Pick<Plan<RemoveStep>, 'steps' | 'notes'> {
  const { layout, pool } = facts;
  if (pool.unit.sha256 !== undefined && !pool.isMounted) {
    throw new ReceiverError('HOST_NOT_PREPARED', `${layout.pool} is not mounted, so nothing is known of this host`, {
      hint: `Mount it: systemctl start '${poolUnit(pool)}'`,
    });
  }
  if (pool.image === undefined || !(pool.isMounted || deleteData)) return { steps: [], notes: [] };
  return { steps: [closeStep(facts, deleteData)], notes: [] };
}

function giveUpSteps(facts: GiveUpFacts | undefined, plan: GiveUpPlan | undefined): RemoveStep[] {
  if (facts === undefined || plan === undefined) return [];
  const says = 'note that everything that was placed on the system is to go';
  const intend: Intend = { kind: 'intend', says, intent: facts.intent };
  return [intend, ...plan.steps, CONCLUDE];
}

/** What was mounted last first; the pool itself is no deployment. */
function unmountSteps({ live }: Layout, { host }: InPool): RemoveStep[] {
  const mounted = [...host.mounts.keys()].filter((at) => at.startsWith(`${live}/`)).toReversed();
  return mounted.map((at) => ({ kind: 'unmount', says: `unmount ${at}`, at }));
}

/** Unit files that another application needs stay. */
function bootSteps({ layout: { application }, boot }: RemoveFacts): { steps: RemoveStep[]; kept: string[] } {
  const { enabled, files, others, mountActive } = boot;
  const mount = mountService(application);
  const disable = [recoverService(application), mount].filter((unit) => enabled.get(unit) === 'enabled');
  const isNeeded = others.length > 0;
  const there = files.filter(({ sha256 }) => sha256 !== undefined);
  return {
    steps: [
      ...(mountActive ? [{ kind: 'stop-units' as const, says: `stop ${mount}`, units: [mount] }] : []),
      ...(disable.length === 0
        ? []
        : [{ kind: 'disable-units' as const, says: `disable ${disable.join(', ')}`, units: disable }]),
      ...(isNeeded ? [] : removeFiles(there)),
    ],
    kept: isNeeded
      ? [`${there.map(({ path }) => path).join(' and ')} stay: ${others.join(', ')} needs them`]
      : keptFiles(there),
  };
}

function operatorSteps(layout: Layout, { operators, prepared }: InPool): { steps: RemoveStep[]; kept: string[] } {
  const paths = innermostFirst(layout, prepared);
  const says = `remove ${paths.join(', ')}, if nothing is in it`;
  return {
    steps: [
      ...removeFiles(operators),
      ...(paths.length === 0 ? [] : [{ kind: 'remove-own-directories' as const, says, paths }]),
    ],
    kept: keptFiles(operators),
  };
}

/** As late as can be: as long as the pool is mounted at boot, the same command goes on after a power cut. */
function unitSteps({ pool, boot }: RemoveFacts): RemoveStep[] {
  const unit = poolUnit(pool);
  const own = pool.unit.isOurs ? [pool.unit] : [];
  const disable = pool.unit.isOurs && pool.unitEnabled;
  const isEnabled = [...boot.enabled.values()].includes('enabled');
  const changes = own.length > 0 || isEnabled || (boot.others.length === 0 && boot.files.some(({ isOurs }) => isOurs));
  return [
    ...(disable ? [{ kind: 'disable-units' as const, says: `disable ${unit}`, units: [unit] }] : []),
    ...removeFiles(own),
    ...(changes ? [{ kind: 'reload-units' as const, says: 'read the unit files again', units: [] }] : []),
  ];
}

/** Versions and writable layers as they are recorded, while they are the ones that were meant and nobody uses them. */
function dataSteps({ layout, pool }: RemoveFacts, { host, subvolumes }: InPool): RemoveStep[] {
  // Everything in an image goes with it.
  if (pool.image !== undefined) return [];
  return [
    // Unmounted by the steps before.
    ...host.deployments.map((one) => removeDeployment({ host: { ...host, mounts: new Map() }, subvolumes }, one)),
    ...receivedVersions(host).map(({ version, subvolumeUuid: uuid }) => {
      const path = layout.version(version);
      return { kind: 'delete-version' as const, says: `delete ${version} (${path})`, version, path, uuid };
    }),
  ];
}

function closeStep({ layout, pool: { image, isMounted } }: RemoveFacts, deleteData: boolean): RemoveStep {
  const { pool: at } = layout;
  const { cache, state, deploy, overlay, live, persist, backup } = layout;
  const isImage = image !== undefined;
  const erased = !deleteData ? [] : isImage ? [image] : [cache, state, deploymentSite(layout).originals];
  const directories = isImage ? [at] : deleteData ? [deploy, overlay, live, persist, backup, at] : [];
  const what = [
    ...(isMounted ? [`unmount ${at}`] : []),
    ...(erased.length === 0 ? [] : [`delete ${erased.join(' and ')}`]),
    ...(directories.length === 0 ? [] : [`remove ${directories.join(', ')}, if nothing is in it`]),
  ];
  const says = what.length === 0 ? `leave ${at} to its owner` : what.join('; ');
  return { kind: 'close-pool', says, pool: at, isMounted, erased, directories };
}

function removeFiles(files: readonly OwnFile[]): RemoveStep[] {
  return files.flatMap(({ path, sha256, isOurs }): RemoveStep[] =>
    sha256 === undefined || !isOurs ? [] : [{ kind: 'remove-own-file', says: `remove ${path}`, path, sha256 }],
  );
}

function keptFiles(files: readonly OwnFile[]): string[] {
  return files.flatMap(({ path, sha256, isOurs }) =>
    sha256 === undefined || isOurs ? [] : [`${path} was changed on this host and is not removed`],
  );
}
