import { type SubvolumeFacts, type SubvolumeUse, spaceOf, subvolumeUsers } from '@goldstream/system';
import { chooseOldBackups } from '../backup/choose-old-backups.ts';
import { type FoundBackup, gatherBackups } from '../backup/found-backup.ts';
import { gatherHost, type HostFacts, receivedVersions } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import type { Sources } from '../receive/find-release.ts';
import { gatherNeededParents, type NeededParents } from './needed-parents.ts';
import { findOwnSubvolume } from './own-subvolume.ts';

/** What the operator wants; what is not said is the configuration's. */
export interface PruneWish extends Pick<Sources, 'store'> {
  /** How many of the newest versions are kept. */
  readonly keep?: number | undefined;
}

/** A subvolume of ours, and who uses it. */
export interface UsedSubvolume extends Pick<SubvolumeFacts, 'path' | 'uuid'> {
  readonly uses: readonly SubvolumeUse[];
}

/** What is known before anything is removed. */
export interface PruneFacts {
  readonly host: HostFacts;
  readonly keep: number;
  /** Received versions and writable layers that are here, by path. */
  readonly subvolumes: ReadonlyMap<string, UsedSubvolume>;
  readonly neededParents: NeededParents;
  /** What was kept when deployments were left and nobody needs any more. */
  readonly oldBackups?: readonly FoundBackup[];
  /** Bytes of the pool that are in use now. */
  readonly usedBytes: number;
}

/** Backups of shared state that are kept whatever they are of: as many days, where there is an upgrade every day. */
const KEPT_BACKUPS = 10;

/** Looks at the host, at who uses what, and at what the store's newest release builds on. Changes nothing. */
export async function gatherPrune(
  tools: Tools,
  { keep = tools.config.keep, store }: PruneWish = {},
): Promise<PruneFacts> {
  const { runner, layout } = tools;
  const host = await gatherHost(layout);
  const [subvolumes, neededParents, backups, { used }] = await Promise.all([
    gatherSubvolumes(tools, host),
    gatherNeededParents(tools, host, { store }),
    gatherBackups(tools),
    spaceOf(runner, layout.pool),
  ]);
  const oldBackups = chooseOldBackups(backups, { newest: KEPT_BACKUPS, versions: new Set(host.present) });
  return { host, keep, subvolumes, neededParents, oldBackups, usedBytes: used };
}

async function gatherSubvolumes(tools: Tools, host: HostFacts): Promise<ReadonlyMap<string, UsedSubvolume>> {
  const { layout, deployments } = host;
  const layers = deployments.map(({ number }) => layout.deployment(number));
  const paths = [
    ...receivedVersions(host).map(({ version }) => layout.version(version)),
    ...layers.flatMap(({ overlay, provisional }) => [overlay, provisional]),
  ];
  const found = (await Promise.all(paths.map((path) => findOwnSubvolume(tools, path)))).filter(
    (it) => it !== undefined,
  );
  const users = await subvolumeUsers(found.map(({ path }) => path));
  return new Map(found.map(({ path, uuid }) => [path, { path, uuid, uses: users.get(path) ?? [] }]));
}
