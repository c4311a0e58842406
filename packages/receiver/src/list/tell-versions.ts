import { CodedError } from '@goldstream/errors';
import { chooseStream, type HeldVersion, sortVersions, type Version } from '@goldstream/release';
import { newestVersion } from '@goldstream/store';
import { fetchTrustedRelease, type TrustedRelease } from '@goldstream/transfer';
import { gatherHost, type HostFacts, receivedVersions } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { type Sources, storeOf, trustOf } from '../receive/find-release.ts';

/** A version that the store has, or this host. */
export interface ListedVersion {
  readonly version: Version;
  /** The store has it and this host believes its manifest. */
  readonly offered: boolean;
  readonly here: boolean;
  readonly active: boolean;
  readonly pinned: boolean;
  /** Why it is not deployed by itself; `null` when nothing blocks it. */
  readonly blocked: string | null;
  /** What this host would download for it; `null` when that is nothing, or it cannot be had. */
  readonly download: { readonly bytes: number; readonly how: string } | null;
  /** Why the store has it and it is not offered: not trusted, or broken. */
  readonly refused: string | null;
}

/** The document of `list --json`; versions newest first. */
export interface VersionList {
  readonly store: string;
  readonly versions: readonly ListedVersion[];
}

/**
 * Lists what the store has and what this host has. Every manifest is fetched and judged: what is not trusted is listed
 * with the reason and never offered.
 * @throws StoreError `STORE_EMPTY`, `STORE_MISSING`, `STORE_UNREADABLE`
 */
export async function tellVersions(tools: Tools, sources: Pick<Sources, 'store'>): Promise<VersionList> {
  const store = storeOf(tools, sources);
  // Says what is wrong with a store that has nothing.
  await newestVersion(store);
  const [host, inStore] = await Promise.all([gatherHost(tools.layout), store.listVersions()]);
  const held = receivedVersions(host);
  const versions = sortVersions(new Set([...inStore, ...held.map(({ version }) => version)])).toReversed();
  const releases = new Map<Version, TrustedRelease | CodedError>();
  // One after the other: each starts a program, and a store may be far away.
  for (const version of inStore) releases.set(version, await judged(tools, sources, version));
  return {
    store: store.url,
    versions: versions.map((version) => listed(host, version, releases.get(version))),
  };
}

/** The release, or why it is none for this host. What is wrong with the host itself is thrown. */
async function judged(tools: Tools, sources: Sources, version: Version): Promise<TrustedRelease | CodedError> {
  try {
    return await fetchTrustedRelease(tools.runner, storeOf(tools, sources), version, trustOf(tools));
  } catch (error) {
    if (error instanceof CodedError && ['trust', 'store', 'input'].includes(error.category)) {
      if (error.code !== 'GPG_BAD_KEYRING') return error;
    }
    throw error;
  }
}

function listed(host: HostFacts, version: Version, release: TrustedRelease | CodedError | undefined): ListedVersion {
  const held = receivedVersions(host);
  const here = held.some((record) => record.version === version);
  const refused = release instanceof CodedError ? release : undefined;
  const trusted = release instanceof CodedError ? undefined : release;
  const download = trusted === undefined || here ? undefined : cheapest(trusted, held);
  return {
    version,
    offered: trusted !== undefined && !(download instanceof CodedError),
    here,
    active: host.active?.version === version,
    pinned: host.pins.has(version),
    blocked: host.blocked.get(version) ?? null,
    download: download === undefined || download instanceof CodedError ? null : download,
    refused: (refused ?? (download instanceof CodedError ? download : undefined))?.message ?? null,
  };
}

function cheapest({ manifest }: TrustedRelease, held: readonly HeldVersion[]): ListedVersion['download'] | CodedError {
  try {
    const { bytes, stream } = chooseStream(manifest, held);
    return { bytes, how: stream.kind === 'full' ? 'full' : `incremental from ${stream.parent.version}` };
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
}
