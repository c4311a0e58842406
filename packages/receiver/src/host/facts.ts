import { readdir, readlink } from 'node:fs/promises';
import { isVersion, type Version } from '@goldstream/release';
import { demandRoot, type MountEntry, readMounts } from '@goldstream/system';
import { demandPrepared } from '../prepare/demand-ready.ts';
import type { Intent, PendingIntent } from '../state/intent.ts';
import type { DeploymentRecord, ReceivedVersion } from '../state/records.ts';
import { readIntent } from '../state/store-intent.ts';
import { readDeploymentRecords, readPins, readVersionRecords } from '../state/store-records.ts';
import { blockedVersions } from './blocked-versions.ts';
import type { Layout } from './layout.ts';

/** What is true of this application on this host, as far as looking costs next to nothing. */
export interface HostFacts {
  readonly layout: Layout;
  /** What the host is in the middle of: at work now, or interrupted. */
  readonly pending: PendingIntent | undefined;
  /** Text of the `current` link. */
  readonly current: string | undefined;
  /** The deployment that `current` names. */
  readonly active: DeploymentRecord | undefined;
  /** All that were not removed, by rising number. */
  readonly deployments: readonly DeploymentRecord[];
  /** One more than the highest number ever used, by a record or by anything in the places of deployments. */
  readonly nextNumber: number;
  readonly records: ReadonlyMap<Version, ReceivedVersion>;
  /** Names in `deploy/` that are versions, whatever they hold. */
  readonly present: readonly Version[];
  readonly pins: ReadonlySet<string>;
  /** Versions that are not deployed again by themselves, and why. */
  readonly blocked: ReadonlyMap<Version, string>;
  /** Mount points below the pool, in this mount namespace. */
  readonly mounts: ReadonlyMap<string, MountEntry>;
}

/**
 * Looks at a prepared host. Changes nothing.
 * @throws SystemError `SYSTEM_NOT_ROOT`: records and received trees are root's; ReceiverError `HOST_NOT_PREPARED`
 */
export async function gatherHost(layout: Layout): Promise<HostFacts> {
  demandRoot();
  await demandPrepared(layout);
  const [pending, records, deployments, pins, present, current, mounts, ...names] = await Promise.all([
    readIntent(layout),
    readVersionRecords(layout),
    readDeploymentRecords(layout),
    readPins(layout),
    readdir(layout.deploy),
    readlink(layout.current).catch(() => undefined),
    readMounts(),
    readdir(layout.overlay),
    readdir(layout.live),
  ]);
  const kept = deployments.filter(({ state }) => state !== 'removed');
  const active = kept.find(({ number }) => layout.deployment(number).link === current);
  return {
    layout,
    pending,
    current,
    active,
    deployments: kept,
    nextNumber: Math.max(deployments.at(-1)?.number ?? 0, ...names.flat().map(numberIn)) + 1,
    records: new Map(records.map((record) => [record.version, record])),
    present: present.filter(isVersion),
    pins: new Set(pins),
    blocked: withIntent(blockedVersions(deployments), pending?.intent, deployments, active),
    mounts: new Map(
      mounts
        .filter(({ mountPoint }) => mountPoint.startsWith(`${layout.pool}/`))
        .map((entry) => [entry.mountPoint, entry]),
    ),
  };
}

/** The deployment whose trial has not ended: it runs, and is neither good nor bad. */
export function onTrial({ pending, active }: Pick<HostFacts, 'pending' | 'active'>): DeploymentRecord | undefined {
  const intent = pending?.intent;
  return intent?.kind === 'switching' && intent.to === active?.number ? active : undefined;
}

/** The number of the deployment that a name in `overlay/` or `live/` would be of. */
function numberIn(name: string): number {
  return Number(/^(\d{4,9})(?:\.provisional)?$/.exec(name)?.[1] ?? 0);
}

/** An intent blocks a version before its record does. */
function withIntent(
  blocked: ReadonlyMap<Version, string>,
  intent: Intent | undefined,
  deployments: readonly DeploymentRecord[],
  active: DeploymentRecord | undefined,
): ReadonlyMap<Version, string> {
  if (intent?.kind !== 'returning' && intent?.kind !== 'switching') return blocked;
  const left = deployments.find(({ number }) => number === intent.from);
  const block = intent.kind === 'returning' ? intent.failed : intent.to === active?.number ? intent.blocks : undefined;
  return left === undefined || block === undefined ? blocked : new Map([...blocked, [left.version, block.reason]]);
}

/** The versions that are here whole: recorded as received, and present. */
export function receivedVersions({ records, present }: HostFacts): readonly ReceivedVersion[] {
  const there = new Set(present);
  return [...records.values()].filter(({ version }) => there.has(version));
}
