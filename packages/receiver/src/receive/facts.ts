import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '@goldstream/errors';
import { type HeldVersion, type PolicyRequest, parseManifest, type Version } from '@goldstream/release';
import { findSubvolume, newestSubvolumeId, type Room, roomOf, type SubvolumeFacts } from '@goldstream/system';
import { readHostCtransid, type TrustedRelease } from '@goldstream/transfer';
import type { Allow } from '../host/config.ts';
import { gatherHost, type HostFacts, receivedVersions } from '../host/facts.ts';
import type { Layout } from '../host/layout.ts';
import type { Tools } from '../host/tools.ts';
import type { ReceivedVersion } from '../state/records.ts';
import { readVersionCheck } from '../state/version-check.ts';
import { readKeptManifest } from '../verify/kept-manifest.ts';
import { findRelease, type Sources } from './find-release.ts';
import { newIncomingName } from './incoming.ts';
import { findInput, type LocalInput, manifestBeside } from './local-input.ts';
import { gatherMachine, type MachineFacts } from './machine.ts';

/** What is known before a version is received. */
export interface ReceiveFacts {
  readonly host: HostFacts;
  readonly version: Version;
  /** The subvolume under the version's final name. */
  readonly subvolume: SubvolumeFacts | undefined;
  /** Whether the final name is taken by something that is no subvolume. */
  readonly occupied: boolean;
  /** A name that no subvolume ever had, for the one that is received. */
  readonly incoming: string;
  /** The stream that was given instead of a store. */
  readonly input: LocalInput | undefined;
  /** The release, judged; undefined when it was not looked for (received already) or could not be had. */
  readonly release: TrustedRelease | undefined;
  /** Why there is no release, when it was looked for. */
  readonly noRelease: CodedError | undefined;
  /** URL of the store that streams come from; undefined when none is named. */
  readonly store: string | undefined;
  /** Files that `fetch` has kept of this version, by name, with their sizes. */
  readonly cached: ReadonlyMap<string, number>;
  /** Versions that can serve as parent: whole, and unchanged on this host since. */
  readonly parents: readonly HeldParent[];
  /** Versions that cannot, because this host changed them. */
  readonly changed: readonly Version[];
  /** What the pool can still take; undefined when nothing has to be received. */
  readonly room: Room | undefined;
  /** How many versions the configuration keeps. */
  readonly keep: number;
  /** Highest id of all subvolumes now; what is made later has a higher one. */
  readonly newestId: number;
  /** What this host lets a release bring. */
  readonly allow: Allow;
  /** What this host is; undefined when nothing has to be received. */
  readonly machine: MachineFacts | undefined;
}

/** A received version that streams can build on. */
export interface HeldParent extends HeldVersion {
  readonly version: Version;
  /** What its own manifest asked for, as far as it was kept. */
  readonly policy?: PolicyRequest | undefined;
}

/** Looks at the host and at the release. Changes nothing. */
export async function gatherReceive(tools: Tools, version: Version, sources: Sources): Promise<ReceiveFacts> {
  const { runner, layout } = tools;
  const host = await gatherHost(layout);
  const subvolume = host.present.includes(version) ? await findSubvolume(runner, layout.version(version)) : undefined;
  const record = host.records.get(version);
  if (record !== undefined && subvolume !== undefined) {
    return { ...NOTHING_NEEDED, host, version, subvolume, allow: tools.config.allow };
  }
  return gatherAbsent(tools, host, version, sources);
}

/** What is known before a version is received whatever the host holds of it. Changes nothing. */
export async function gatherAbsent(
  tools: Tools,
  host: HostFacts,
  version: Version,
  sources: Sources,
): Promise<ReceiveFacts> {
  const { runner, layout } = tools;
  const subvolume = host.present.includes(version) ? await findSubvolume(runner, layout.version(version)) : undefined;
  const input = await findInput(sources.from ?? []);
  const occupied = subvolume === undefined && host.present.includes(version);
  const [found, machine, room, newestId, cached, candidates] = await Promise.all([
    lookForRelease(tools, version, await withManifestBeside(tools, version, sources, input)),
    gatherMachine(runner),
    roomOf(runner, layout.pool),
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
    occupied,
    incoming: newIncomingName(),
    input,
    ...found,
    parents: await Promise.all(candidates.filter(({ same }) => same).map(({ received }) => asParent(layout, received))),
    changed: candidates.filter(({ same }) => !same).map(({ received }) => received.version),
    room,
    keep: tools.config.keep,
    newestId,
    allow: tools.config.allow,
    machine,
    cached,
    store: sources.store ?? tools.config.store,
  };
}

/** For a version that is here already. */
const NOTHING_NEEDED = {
  occupied: false,
  incoming: '',
  input: undefined,
  release: undefined,
  noRelease: undefined,
  store: undefined,
  cached: new Map<string, number>(),
  parents: [],
  changed: [],
  room: undefined,
  keep: 0,
  newestId: 0,
  machine: undefined,
} as const;

/** A manifest that was not named lies beside the file that was. */
async function withManifestBeside(
  { layout }: Tools,
  version: Version,
  sources: Sources,
  input: LocalInput | undefined,
): Promise<Sources> {
  if (input === undefined || sources.manifest !== undefined) return sources;
  return { ...sources, manifest: await manifestBeside(input, layout.application, version) };
}

/** With the policy of its kept manifest, if that is still the one that was accepted. */
async function asParent(layout: Layout, { version, uuid, manifestSha256 }: ReceivedVersion): Promise<HeldParent> {
  const kept = await readKeptManifest(layout, version);
  const isAccepted = kept !== undefined && sha256Of(kept.manifest) === manifestSha256;
  return { version, uuid, policy: isAccepted ? parseManifest(kept.manifest).policy : undefined };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

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

/**
 * Whether a received version is what it was right after it was received: nobody found otherwise who read it, and its
 * ctransid is the recorded one. Costs one short `btrfs send --no-data`.
 */
async function isUnchanged({ runner, layout }: Tools, record: ReceivedVersion): Promise<boolean> {
  const path = layout.version(record.version);
  const subvolume = await findSubvolume(runner, path);
  if (subvolume?.readonly !== true || subvolume.uuid !== record.subvolumeUuid) return false;
  if (subvolume.receivedUuid !== record.uuid) return false;
  if ((await readVersionCheck(layout, record))?.deep?.ok === false) return false;
  return (await readHostCtransid(runner, path)) === record.hostCtransid;
}
