import { readdir, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  demandBtrfs,
  demandRoot,
  demandTools,
  findSubvolume,
  isBtrfs,
  mountAt,
  poolImageBytes,
} from '@goldstream/system';
import type { Layout } from '../layout.ts';
import type { Tools } from '../tools.ts';
import { exists } from './exists.ts';

/** What is there of a pool. */
export interface PoolFacts {
  readonly layout: Layout;
  /** Bytes that the loopback image may grow to; undefined when there is no image. */
  readonly imageBytes: number | undefined;
  /** Whether the pool's directory is a mount point. */
  readonly mounted: boolean;
  /** Whether the pool's directory, or the one it would be made in, lies on Btrfs. */
  readonly onBtrfs: boolean;
  /** Names in the pool's directory. */
  readonly names: readonly string[];
  /** Whether everything that `init` makes is there. */
  readonly complete: boolean;
}

/**
 * Looks at the pool.
 * @throws SystemError `SYSTEM_NOT_ROOT`, `TOOL_MISSING`, `TOOL_TOO_OLD`, `BTRFS_BIND_MOUNT`
 */
export async function gatherPool({ runner, layout }: Tools): Promise<PoolFacts> {
  demandRoot();
  await demandTools(runner, ['btrfs']);
  const ground = await nearestDirectory(layout.pool);
  const mounted = ground === layout.pool && (await mountAt(await realpath(ground))) !== undefined;
  const imageBytes = (await exists(layout.image)) ? await poolImageBytes(layout.image) : undefined;
  const onBtrfs = await isBtrfs(ground);
  if (onBtrfs && (mounted || imageBytes === undefined)) await demandBtrfs(ground);
  const names = ground === layout.pool ? await readdir(ground) : [];
  const directories = [layout.snapshots, layout.streams, layout.state, layout.scratch];
  const present = await Promise.all(directories.map(exists));
  const golden = (await exists(layout.golden)) ? await findSubvolume(runner, layout.golden) : undefined;
  return { layout, imageBytes, mounted, onBtrfs, names, complete: golden !== undefined && !present.includes(false) };
}

async function nearestDirectory(path: string): Promise<string> {
  return (await exists(path)) || path === dirname(path) ? path : nearestDirectory(dirname(path));
}
