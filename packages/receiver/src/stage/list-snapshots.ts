import { formatBytes, renderTable } from '@goldstream/cli';
import { diskUsage, syncFilesystem } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { gatherStaging } from './facts.ts';
import { keptBecause } from './plan-tidy.ts';
import { byTime, type SnapshotPurpose } from './snapshot-name.ts';

/** A snapshot of a stage. */
export interface ListedSnapshot {
  readonly name: string;
  readonly stage: string;
  /** What the stage was then: null when nothing of it was deployed. */
  readonly version: string | null;
  readonly purpose: SnapshotPurpose;
  readonly at: string;
  /** Of all data that it refers to. */
  readonly referencedBytes: number;
  /** Of that, what nobody else refers to. */
  readonly exclusiveBytes: number;
  /** Why it is kept; empty: it goes with the next change. */
  readonly kept: readonly string[];
}

/** All snapshots, oldest first. What was just written is brought to the disk, or it would not be counted. */
export async function listSnapshots(tools: Tools): Promise<readonly ListedSnapshot[]> {
  const { runner, layout, config } = tools;
  const staging = await gatherStaging(tools);
  const snapshots = staging.snapshots.toSorted(byTime);
  if (snapshots.length > 0) await syncFilesystem(runner, layout.pool);
  const usage = await diskUsage(
    runner,
    snapshots.map(({ path }) => path),
  );
  return snapshots.map((snapshot) => ({
    name: snapshot.name,
    stage: snapshot.stage,
    version: snapshot.component?.manifest.version ?? null,
    purpose: snapshot.purpose,
    at: snapshot.at,
    referencedBytes: usage.get(snapshot.path)?.referencedBytes ?? 0,
    exclusiveBytes: usage.get(snapshot.path)?.exclusiveBytes ?? 0,
    kept: keptBecause(staging, config.keep, snapshot),
  }));
}

/** As a table. */
export function renderSnapshots(snapshots: readonly ListedSnapshot[]): string {
  if (snapshots.length === 0) return 'no snapshots\n';
  return renderTable(snapshots, [
    { title: 'SNAPSHOT', cell: ({ name }) => name },
    {
      title: 'STAGE',
      cell: ({ stage, version }) => (version === null ? `${stage}, nothing deployed` : `${stage} ${version}`),
    },
    { title: 'REFERENCED', align: 'right', cell: ({ referencedBytes }) => formatBytes(referencedBytes) },
    { title: 'EXCLUSIVE', align: 'right', cell: ({ exclusiveBytes }) => formatBytes(exclusiveBytes) },
    { title: 'TAKEN', cell: ({ at }) => at },
    { title: 'KEPT', cell: ({ kept }) => kept.join(', ') },
  ]);
}
