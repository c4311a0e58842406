import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { CodedError } from '@goldstream/errors';
import { compareVersions, type HeldVersion, type Version } from '@goldstream/release';
import { demandBtrfs, demandRoot, demandTools, findSubvolume, type SubvolumeFacts } from '@goldstream/system';
import { fetchTrustedRelease, type TrustedRelease } from '@goldstream/transfer';
import { demandStore } from '../demand-store.ts';
import { gatherKeyTrust } from '../keys/key-trust.ts';
import { gatherOwnKeys } from '../keys/own-keys.ts';
import type { Layout } from '../layout.ts';
import { demandPool } from '../pool/demand-pool.ts';
import { exists } from '../pool/exists.ts';
import { lastBefore } from '../release/find-parents.ts';
import { findSnapshot, type RecordedSnapshot } from '../snapshot/find-snapshot.ts';
import { readRecord } from '../state/record.ts';
import { goldenRecord, subvolumeUuidOf } from '../state/records.ts';
import type { Tools } from '../tools.ts';
import { unfinishedRecord } from './unfinished.ts';

/** Which releases should be here again. */
export interface RehydrateWish {
  /** Stands before the store of golden.yaml. */
  readonly from: string | undefined;
  /** None: the last few of the store, as many as an incremental is made from. */
  readonly versions: readonly Version[];
  /** Of the last few, those before this one. */
  readonly before: Version | undefined;
}

/** What decides how releases become snapshots again. */
export interface RehydrateFacts {
  readonly layout: Layout;
  readonly storeUrl: string;
  /** All of the store. */
  readonly releases: readonly Version[];
  /** Oldest first. */
  readonly wanted: readonly WantedSnapshot[];
  /** Every snapshot here that a stream of them can build on. */
  readonly held: readonly HeldSnapshot[];
  readonly golden: GoldenState;
  /** What an interrupted run left: ours, by the name that it had noted before. */
  readonly unfinished: SubvolumeFacts | undefined;
  /** What an interrupted run was about to make golden. */
  readonly next: SubvolumeFacts | undefined;
  /** A name that no subvolume ever had. */
  readonly incoming: string;
}

/** A release, and whether it is here. */
export interface WantedSnapshot {
  readonly release: TrustedRelease;
  /** The snapshot with its name; undefined when it has to be received. */
  readonly here: HeldSnapshot | undefined;
}

/** A snapshot here. Its `uuid` is the one that hosts know it by. */
export interface HeldSnapshot extends HeldVersion {
  readonly version: Version;
  readonly path: string;
  /** Its own on this builder. */
  readonly subvolumeUuid: string;
}

/** `empty`: as `init` made it. `missing`: an earlier run was stopped while it was being replaced. */
export type GoldenState = 'missing' | 'empty' | 'in-use';

/**
 * Looks at the store, at what is here of it, and at golden.
 * @throws errors of `demandPool`, of the store and of `gatherKeyTrust`; `RELEASE_UNTRUSTED`
 */
export async function gatherRehydrate(tools: Tools, wish: RehydrateWish): Promise<RehydrateFacts> {
  const { runner, layout } = tools;
  const store = demandStore(tools, wish.from);
  const next = await lookAt(tools, layout.goldenNext);
  const isHalfway = next !== undefined && !(await exists(layout.golden));
  await (isHalfway ? demandRest(tools) : demandPool(tools, ['zstd', 'gpg', 'gpgv']));
  const { archive: keyring } = await gatherKeyTrust(tools, store, await gatherOwnKeys(tools));
  const releases = await store.listVersions();
  const wanted: WantedSnapshot[] = [];
  for (const version of choose(tools, releases, wish)) {
    const release = await fetchTrustedRelease(runner, store, version, { keyring });
    wanted.push({ release, here: heldOf(await findSnapshot(tools, version)) });
  }
  const unfinished = await readRecord(layout.unfinished, unfinishedRecord);
  return {
    layout,
    storeUrl: store.url,
    releases,
    wanted,
    held: await findHeld(tools, wanted),
    golden: isHalfway ? 'missing' : await goldenState(layout),
    unfinished: unfinished && (await lookAt(tools, layout.incomingSnapshot(unfinished.incoming))),
    next,
    incoming: `.incoming-${randomBytes(8).toString('hex')}`,
  };
}

/** What `demandPool` demands beside golden. */
async function demandRest({ runner, layout }: Tools): Promise<void> {
  demandRoot();
  await demandTools(runner, ['btrfs', 'zstd', 'gpg', 'gpgv']);
  await demandBtrfs(layout.pool);
}

/** Oldest first, so that each can build on those before it. */
function choose(
  { recipe }: Tools,
  releases: readonly Version[],
  { versions, before }: RehydrateWish,
): readonly Version[] {
  if (versions.length > 0) return [...new Set(versions)].sort(compareVersions);
  return [...lastBefore(before, releases, recipe.golden.release.parents)].reverse();
}

/** The snapshots here that the wanted releases' streams name as their parents, those among the wanted included. */
async function findHeld(tools: Tools, wanted: readonly WantedSnapshot[]): Promise<HeldSnapshot[]> {
  const named = wanted.flatMap(({ release: { manifest } }) => [
    manifest.version,
    ...manifest.streams.flatMap((stream) => (stream.kind === 'full' ? [] : [stream.parent.version])),
  ]);
  const held: HeldSnapshot[] = [];
  for (const version of new Set(named)) {
    const snapshot = heldOf(await findUsable(tools, version));
    if (snapshot !== undefined) held.push(snapshot);
  }
  return held;
}

/** A snapshot that is not what was recorded is no parent, and no reason to stop: another stream is taken. */
async function findUsable(tools: Tools, version: Version): Promise<RecordedSnapshot | undefined> {
  try {
    return await findSnapshot(tools, version);
  } catch (error) {
    if (error instanceof CodedError && error.code === 'BUILDER_SNAPSHOT_REPLACED') return undefined;
    throw error;
  }
}

function heldOf(snapshot: RecordedSnapshot | undefined): HeldSnapshot | undefined {
  if (snapshot === undefined) return undefined;
  const { path, record } = snapshot;
  return { version: record.version, uuid: record.uuid, path, subvolumeUuid: subvolumeUuidOf(record) };
}

async function goldenState(layout: Layout): Promise<GoldenState> {
  if ((await readRecord(layout.goldenRecord, goldenRecord)) !== undefined) return 'in-use';
  return (await readdir(layout.golden)).length === 0 ? 'empty' : 'in-use';
}

async function lookAt({ runner }: Tools, path: string): Promise<SubvolumeFacts | undefined> {
  return (await exists(path)) ? findSubvolume(runner, path) : undefined;
}
