import { SystemError } from '../error.ts';
import type { Runner } from '../runner.ts';

/** What the files of a subvolume take. Bytes, of data as it lies on the disk. */
export interface DiskUsage {
  /** Of all extents that its files refer to. */
  readonly referencedBytes: number;
  /** Of those that nobody else refers to: what deleting it would give back. */
  readonly exclusiveBytes: number;
}

/**
 * What subvolumes take, by path, as `btrfs filesystem du --summarize --raw` counts it: by extents, without quota groups.
 * What was just written counts once it is on the disk.
 */
export async function diskUsage(runner: Runner, paths: readonly string[]): Promise<ReadonlyMap<string, DiskUsage>> {
  if (paths.length === 0) return new Map();
  const output = await runner.capture(['btrfs', 'filesystem', 'du', '--summarize', '--raw', ...paths]);
  const usages = parseDiskUsage(output);
  if (usages.length !== paths.length) {
    throw new SystemError('TOOL_FAILED', `btrfs filesystem du told of ${usages.length} of ${paths.length} subvolumes`);
  }
  // One line each, in the order asked for.
  return new Map(usages.map((usage, index) => [paths[index] ?? '', usage]));
}

/** Its lines are total, exclusive, shared as a set (or `-`), and the path; its first one is of titles. */
export function parseDiskUsage(output: string): readonly DiskUsage[] {
  return [...output.matchAll(/^\s*(\d+)\s+(\d+)\s+(?:\d+|-)\s+\S/gm)].map(([, total, exclusive]) => ({
    referencedBytes: Number(total),
    exclusiveBytes: Number(exclusive),
  }));
}
