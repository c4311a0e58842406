import { readdir, readlink } from 'node:fs/promises';
import { isVersion, type Version } from '@goldstream/release';
import { demandRoot, type MountEntry, readMounts } from '@goldstream/system';
import { demandPrepared } from '../prepare/demand-ready.ts';
import type { DeploymentRecord, ReceivedVersion, VersionRecord } from '../state/records.ts';
import { readDeploymentRecords, readPins, readVersionRecords } from '../state/store-records.ts';
import { blockedVersions } from './blocked-versions.ts';
import type { Layout } from './layout.ts';

/** What is true of this application on this host, as far as looking costs next to nothing. */
export interface HostFacts {
  readonly layout: Layout;
  /** The deployment that `current` names. */
  readonly active: DeploymentRecord | undefined;
  /** All that were not removed, by rising number. */
  readonly deployments: readonly DeploymentRecord[];
  /** One more than the highest number ever used. */
  readonly nextNumber: number;
  readonly records: ReadonlyMap<Version, VersionRecord>;
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
  const [records, deployments, pins, present, current, mounts] = await Promise.all([
    readVersionRecords(layout),
    readDeploymentRecords(layout),
    readPins(layout),
    readdir(layout.deploy),
    readlink(layout.current).catch(() => undefined),
    readMounts(),
  ]);
  const kept = deployments.filter(({ state }) => state !== 'removed');
  return {
    layout,
    active: kept.find(({ number }) => layout.deployment(number).link === current),
    deployments: kept,
    nextNumber: (deployments.at(-1)?.number ?? 0) + 1,
    records: new Map(records.map((record) => [record.version, record])),
    present: present.filter(isVersion),
    pins: new Set(pins),
    blocked: blockedVersions(deployments),
    mounts: new Map(
      mounts
        .filter(({ mountPoint }) => mountPoint.startsWith(`${layout.pool}/`))
        .map((entry) => [entry.mountPoint, entry]),
    ),
  };
}

/** The versions that are here whole: recorded as received, and present. */
export function receivedVersions({ records, present }: HostFacts): readonly ReceivedVersion[] {
  const there = new Set(present);
  return [...records.values()].filter((record) => record.status === 'received' && there.has(record.version)) as
    // The filter has left only these.
    ReceivedVersion[];
}
