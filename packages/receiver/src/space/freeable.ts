import { formatBytes } from '@goldstream/cli';
import { compareVersions, type Version } from '@goldstream/release';
import type { Room } from '@goldstream/system';
import { type HostFacts, receivedVersions } from '../host/facts.ts';
import { keepReasons } from '../prune/keep-reasons.ts';
import type { Lack } from './demand-space.ts';

/** What somebody could free. */
export interface Freeable {
  /** Versions that nothing on this host keeps; the store may still need one as a parent. Oldest first. */
  readonly versions: readonly Version[];
  /** Deleted subvolumes that have not given their space back. */
  readonly beingCleaned: number;
  readonly pool: string;
  /** What was written into the active deployment; undefined: nobody looked. */
  readonly written?: Written | undefined;
}

/** What deleting it would give back. */
export interface Written {
  readonly path: string;
  readonly bytes: number;
}

/** What `prune` would look at first. Asks neither the store nor the processes of the host, so `prune` may keep more. */
export function freeableOf(host: HostFacts, keep: number, { beingCleaned }: Pick<Room, 'beingCleaned'>): Freeable {
  const neededParents = { kind: 'known', by: undefined, parents: [] } as const;
  const reasons = keepReasons({ host, keep, neededParents, subvolumes: new Map(), usedBytes: 0 });
  return {
    versions: receivedVersions(host)
      .map(({ version }) => version)
      .filter((version) => reasons.get(version)?.length === 0)
      .toSorted(compareVersions),
    beingCleaned,
    pool: host.layout.pool,
  };
}

/** What to free, as an imperative sentence. */
export function hintOf({ kind }: Pick<Lack, 'kind'>, { versions, beingCleaned, pool, written }: Freeable): string {
  if (kind === 'the host below') return 'Free space on the host, outside the pool: what is in the pool does not help.';
  if (kind === 'quota') return `Raise the limit with \`btrfs qgroup limit\`, or ${pruning(versions)}.`;
  const hint = `${capitalised(pruning(versions))}, or make the pool larger.${alsoWritten(written)}`;
  if (beingCleaned === 0) return hint;
  const some = beingCleaned === 1 ? 'a deleted subvolume has' : `${beingCleaned} deleted subvolumes have`;
  return `${hint} First wait with \`btrfs subvolume sync ${pool}\`: ${some} not given its space back yet.`;
}

/** Worth to be named, bytes. */
const MUCH = 16 * 1024 * 1024;

function alsoWritten(written: Written | undefined): string {
  if (written === undefined || written.bytes < MUCH) return '';
  return ` What was written into the active deployment takes ${formatBytes(written.bytes)}: look into ${written.path}.`;
}

function pruning(versions: readonly Version[]): string {
  return versions.length === 0
    ? 'run `goldstream-receiver prune --keep 2`'
    : `run \`goldstream-receiver prune\`: nothing here keeps ${versions.join(', ')}`;
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
