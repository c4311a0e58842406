import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '@goldstream/errors';
import type { HeldVersion, Version } from '@goldstream/release';
import { findSubvolume, newestSubvolumeId, type SubvolumeFacts, spaceOf } from '@goldstream/system';
import { readHostCtransid, type TrustedRelease } from '@goldstream/transfer';
import type { Allow } from '../host/config.ts';
import { gatherHost, type HostFacts, receivedVersions } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import type { ReceivedVersion } from '../state/records.ts';
import { findRelease, type Sources } from './find-release.ts';
import { gatherMachine, type MachineFacts } from './machine.ts';

/** What is known before a version is received. */
export interface ReceiveFacts {
  readonly host: HostFacts;
  readonly version: Version;
  /** What lies under the version's final name, finished or not. */
  readonly subvolume: SubvolumeFacts | undefined;
  /** The release, judged; undefined when it was not looked for (received already) or could not be had. */
  readonly release: TrustedRelease | undefined;
  /** Why there is no release, when it was looked for. */
  readonly noRelease: CodedError | undefined;
  /** URL of the store that streams come from; undefined when none is named. */
  readonly store: string | undefined;
  /** Files that `fetch` has kept of this version, by name, with their sizes. */
  readonly cached: ReadonlyMap<string, number>;
  /** Versions that can serve as parent: whole, and unchanged on this host since. */
  readonly parents: readonly HeldVersion[];
  /** Versions that cannot, because this host changed them. */
  readonly changed: readonly Version[];
  /** Bytes that file data can still take. */
  readonly free: number;
  /** Highest id of all subvolumes now; what is made later has a higher one. */
  readonly newestId: number;
  /** What this host lets a release bring. */
  readonly allow: Allow;
  /** What this host is; undefined when nothing has to be received. */
  readonly machine: MachineFacts | undefined;
}

/** Looks at the host and at the release. Changes nothing. */
export async function gatherReceive(tools: Tools, version: Version, sources: Sources): Promise<ReceiveFacts> {
  const { runner, layout } = tools;
  const host = await gatherHost(layout);
  const subvolume = host.present.includes(version) ? await findSubvolume(runner, layout.version(version)) : undefined;
  const record = host.records.get(version);
  if (record?.status === 'received' && subvolume !== undefined) {
    return { ...NOTHING_NEEDED, host, version, subvolume, allow: tools.config.allow };
  }
  const [found, machine, space, newestId, cached, candidates] = await Promise.all([
    lookForRelease(tools, version, sources),
    gatherMachine(runner),
    spaceOf(runner, layout.pool),
    newestSubvolumeId(runner, layout.pool),
    cachedFiles(join(layout.cache, version)),
    Promise.all(
      receivedVersions(host).map(async (received) => ({ received, same: await isUnchanged(tools, received) })),
    ),
  ]);
  return {
    host,
    version,
    subvolume,
    ...found,
    parents: candidates
      .filter(({ same }) => same)
      .map(({ received }) => ({ version: received.version, uuid: received.uuid })),
    changed: candidates.filter(({ same }) => !same).map(({ received }) => received.version),
    free: space.free,
    newestId,
    allow: tools.config.allow,
    machine,
    cached,
    store: sources.store ?? tools.config.store,
  };
}

/** For a version that is here already. */
const NOTHING_NEEDED = {
  release: undefined,
  noRelease: undefined,
  store: undefined,
  cached: new Map<string, number>(),
  parents: [],
  changed: [],
  free: 0,
  newestId: 0,
  machine: undefined,
} as const;

async function cachedFiles(directory: string): Promise<ReadonlyMap<string, number>> {
  const names = await readdir(directory).catch(() => []);
  return new Map(
    await Promise.all(names.map(async (name) => [name, (await stat(join(directory, name))).size] as const)),
  );
}

async function lookForRelease(tools: Tools, version: Version, sources: Sources) {
  try {
    return { release: await findRelease(tools, version, sources), noRelease: undefined };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { release: undefined, noRelease: error };
  }
}

/** Whether a received version is what it was right after it was received. Costs one short `btrfs send --no-data`. */
async function isUnchanged({ runner, layout }: Tools, record: ReceivedVersion): Promise<boolean> {
  const path = layout.version(record.version);
  const subvolume = await findSubvolume(runner, path);
  if (subvolume?.readonly !== true || subvolume.uuid !== record.subvolumeUuid) return false;
  if (subvolume.receivedUuid !== record.uuid) return false;
  return (await readHostCtransid(runner, path)) === record.hostCtransid;
}
