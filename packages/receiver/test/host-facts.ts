import {
  CHUNK_BYTES,
  FORMAT_VERSION,
  fullAssetNames,
  incrementalAssetNames,
  type ReleaseManifest,
  type StreamEntry,
  type Version,
} from '@goldstream/release';
import type { MountEntry, SubvolumeFacts } from '@goldstream/system';
import type { TrustedRelease } from '@goldstream/transfer';
import type { Allow } from '../src/host/config.ts';
import type { HostFacts } from '../src/host/facts.ts';
import { layoutOf } from '../src/host/layout.ts';
import type { Intent } from '../src/state/intent.ts';
import type { DeploymentRecord, ReceivedVersion } from '../src/state/records.ts';

/** A host in memory: the application `app` on a real host's root. */
export const LAYOUT = layoutOf('/', 'app');

/** The time at which plans are made. */
export const NOW = new Date('2026-11-22T03:00:00.000Z');

/** What a host lets a release bring unless it is configured otherwise. */
export const NOTHING_ALLOWED: Allow = { suid: false, dev: false, capabilities: false, xattrs: [] };

const MIB = 1024 * 1024;

/** What makes a host of a test different from an empty one. */
export interface GivenHost {
  readonly deployments?: readonly DeploymentRecord[];
  /** Number of the deployment that `current` names. */
  readonly active?: number;
  readonly received?: readonly ReceivedVersion[];
  readonly records?: HostFacts['records'];
  readonly present?: readonly Version[];
  readonly blocked?: HostFacts['blocked'];
  /** What it is in the middle of. */
  readonly pending?: Intent;
  /** Mount points of mounts of any kind. */
  readonly mounted?: readonly string[];
  /** Overlays, by where they are and what their writable layer is. */
  readonly overlays?: readonly { readonly at: string; readonly upper: string }[];
}

/** Facts about a host; received versions are present unless said otherwise. */
export function hostFacts(given: GivenHost = {}): HostFacts {
  const { deployments = [], active, received = [], blocked = new Map(), mounted = [], overlays = [] } = given;
  return {
    layout: LAYOUT,
    pending: given.pending && { since: NOW.toISOString(), intent: given.pending },
    current: active === undefined ? undefined : LAYOUT.deployment(active).link,
    active: deployments.find(({ number }) => number === active),
    deployments,
    nextNumber: (deployments.at(-1)?.number ?? 0) + 1,
    records: given.records ?? new Map(received.map((record) => [record.version, record])),
    present: given.present ?? received.map(({ version }) => version),
    pins: new Set(),
    blocked,
    mounts: new Map(
      [
        ...mounted.map((at) => mount(at, 'btrfs', ['rw'])),
        ...overlays.map(({ at, upper }) => mount(at, 'overlay', ['rw', `upperdir=${upper}`])),
      ].map((entry) => [entry.mountPoint, entry]),
    ),
  };
}

function mount(mountPoint: string, type: string, superOptions: readonly string[]): MountEntry {
  return { id: 1, parentId: 0, root: '/', mountPoint, options: ['rw'], type, source: type, superOptions };
}

/** A deployment's record, good unless said otherwise. */
export function deployment(
  number: number,
  version: Version,
  differing: Partial<DeploymentRecord> = {},
): DeploymentRecord {
  return {
    number,
    version,
    state: 'good',
    createdAt: '2026-11-21T00:00:00.000Z',
    placed: [],
    enabled: [],
    ...differing,
  };
}

/** The record of a version that was received whole. */
export function received(version: Version, differing: Partial<ReceivedVersion> = {}): ReceivedVersion {
  return {
    status: 'received',
    version,
    at: '2026-11-21T00:00:00.000Z',
    uuid: `uuid of ${version}`,
    transid: 7,
    hostCtransid: 9,
    subvolumeUuid: `subvolume of ${version}`,
    how: 'full',
    signers: [],
    ...differing,
  };
}

/** What Btrfs says of a received subvolume of a version. */
export function subvolume(version: Version, differing: Partial<SubvolumeFacts> = {}): SubvolumeFacts {
  return {
    path: LAYOUT.version(version),
    uuid: `subvolume of ${version}`,
    parentUuid: undefined,
    receivedUuid: `uuid of ${version}`,
    id: 300,
    generation: 9,
    generationAtCreation: 8,
    readonly: true,
    sendTransid: 7,
    ...differing,
  };
}

/** A judged release: 100 MiB in full (40 MiB to download), and 1 MiB (256 KiB) on each of `parents`. */
export function release(version: Version, parents: readonly Version[] = []): TrustedRelease {
  const full: StreamEntry = { kind: 'full', ...body(fullAssetNames('app', version, 1), 100 * MIB, 40 * MIB) };
  const incrementals = parents.map((parent): StreamEntry => {
    const names = incrementalAssetNames('app', version, parent, 1);
    return {
      kind: 'incremental',
      parent: { version: parent, uuid: `uuid of ${parent}` },
      ...body(names, MIB, MIB / 4),
    };
  });
  const manifest: ReleaseManifest = {
    formatVersion: FORMAT_VERSION,
    application: 'app',
    version,
    created: '2026-11-21T00:00:00Z',
    architecture: 'x86_64',
    snapshot: {
      name: version,
      uuid: `uuid of ${version}`,
      transid: 7,
      bytes: 100 * MIB,
      files: 10,
      contentDigest: `sha256:${'0'.repeat(64)}`,
    },
    chunkBytes: CHUNK_BYTES,
    streams: [full, ...incrementals],
    components: [],
    requires: {},
    policy: { setuid: [], capabilities: [], devices: [], xattrs: [] },
    barriers: [],
  };
  const signed = { manifest: new Uint8Array(), signature: new Uint8Array() };
  return { manifest, signed, signers: [], toJSON: () => version };
}

function body(names: readonly string[], rawBytes: number, bytes: number) {
  const assets = names.map((name) => ({ name, bytes, sha256: '0'.repeat(64), chunks: [] }));
  return { protocol: 1, encoding: 'zstd' as const, rawBytes, rawSha256: '0'.repeat(64), assets };
}
