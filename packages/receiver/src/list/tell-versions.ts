import { type Category, CodedError } from '@goldstream/errors';
import {
  chooseStream,
  explainReleases,
  type HeldVersion,
  type ReleaseExplanation,
  type ReleaseManifest,
  sortVersions,
  type Version,
} from '@goldstream/release';
import { newestVersion, type Store } from '@goldstream/store';
import { gatherHost, type HostFacts, receivedVersions } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { fetchRelease, type Sources, storeOf } from '../receive/find-release.ts';
import type { AcceptedChannel } from '../trust/ask-channel.ts';
import { believe } from '../trust/belief.ts';
import { gatherRollout } from '../trust/rollout-facts.ts';

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
  /** Whether the channel leads this host there, and why or why not; `null` without a channel, or where it is silent. */
  readonly channel: Pick<ReleaseExplanation, 'kind' | 'reason'> | null;
}

/** The document of `list --json`; versions newest first. */
export interface VersionList {
  readonly store: string;
  /** The channel that says what is offered; `null` where none is configured. */
  readonly channel: { readonly name: string; readonly sequence: number; readonly expires: string } | null;
  readonly versions: readonly ListedVersion[];
}

/** What the store has to say of a version: what it takes to get it, or why this host would not. */
type Offer =
  | { readonly kind: 'offered'; readonly download: ListedVersion['download'] }
  | { readonly kind: 'refused'; readonly because: string };

/**
 * Lists what the store has and what this host has; where a channel is configured, what the channel names. Every manifest
 * is fetched and judged: what is not trusted is listed with the reason and never offered.
 * @throws StoreError `STORE_EMPTY`, `STORE_MISSING`, `STORE_UNREADABLE`; ReceiverError `CONFIG_INVALID` without a store
 */
export async function tellVersions(tools: Tools, sources: Pick<Sources, 'store'>): Promise<VersionList> {
  const store = storeOf(tools, sources);
  const all = tools.config.channel === undefined ? await versionsIn(store) : [];
  const { channel } = await believe(tools, store);
  const host = await gatherHost(tools.layout);
  const explained = await explain(tools, host, channel);
  const inStore = channel === undefined ? all : channel.channel.releases.map(({ version }) => version);
  const held = receivedVersions(host);
  const offers = new Map<Version, Offer>();
  // One after the other: each starts a program, and a store may be far away.
  for (const version of inStore) offers.set(version, await offerOf(tools, store, version, held));
  const elsewhere = [...explained, ...held].map(({ version }) => version);
  return {
    store: store.url,
    channel: channel === undefined ? null : describeChannel(channel),
    versions: sortVersions(new Set([...inStore, ...elsewhere]))
      .toReversed()
      .map((version) => ({
        ...listed(host, version, offers.get(version)),
        channel: reasonOf(explained.find((one) => one.version === version)),
      })),
  };
}

/** Kinds of trouble that are the release's own; anything else is this host's, and no list could be right. */
const OF_THE_RELEASE: ReadonlySet<Category> = new Set<Category>(['trust', 'store', 'input']);

async function offerOf(tools: Tools, store: Store, version: Version, held: readonly HeldVersion[]): Promise<Offer> {
  try {
    const { manifest } = await fetchRelease(tools, store, version);
    const has = held.some((one) => one.version === version);
    return { kind: 'offered', download: has ? null : cheapestDownload(manifest, held) };
  } catch (error) {
    const isReleases = error instanceof CodedError && OF_THE_RELEASE.has(error.category);
    if (!isReleases || error.code === 'GPG_BAD_KEYRING') throw error;
    return { kind: 'refused', because: error.message };
  }
}

function cheapestDownload(manifest: ReleaseManifest, held: readonly HeldVersion[]): ListedVersion['download'] {
  const { bytes, stream } = chooseStream(manifest, held);
  return { bytes, how: stream.kind === 'full' ? 'full' : `incremental from ${stream.parent.version}` };
}

async function versionsIn(store: Store): Promise<readonly Version[]> {
  // Says what is wrong with a store that has nothing.
  await newestVersion(store);
  return store.listVersions();
}

async function explain(
  { layout }: Tools,
  { active }: HostFacts,
  accepted: AcceptedChannel | undefined,
): Promise<readonly ReleaseExplanation[]> {
  if (accepted === undefined) return [];
  const { channel, now } = accepted;
  return explainReleases(channel, await gatherRollout(layout, { active: active?.version, now }));
}

function describeChannel({ channel: { channel: name, sequence, expires } }: AcceptedChannel): VersionList['channel'] {
  return { name, sequence, expires };
}

function reasonOf(explanation: ReleaseExplanation | undefined): ListedVersion['channel'] {
  return explanation === undefined ? null : { kind: explanation.kind, reason: explanation.reason };
}

function listed(host: HostFacts, version: Version, offer: Offer | undefined): Omit<ListedVersion, 'channel'> {
  return {
    version,
    offered: offer?.kind === 'offered',
    here: receivedVersions(host).some((record) => record.version === version),
    active: host.active?.version === version,
    pinned: host.pins.has(version),
    blocked: host.blocked.get(version) ?? null,
    download: offer?.kind === 'offered' ? offer.download : null,
    refused: offer?.kind === 'refused' ? offer.because : null,
  };
}
