import { lstat } from 'node:fs/promises';
import type { CodedError } from '@goldstream/errors';
import { demandRoot, newestSubvolumeId, type SubvolumeFacts } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import type { InstalledComponent } from '../integrate/installed-component.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';
import { readPins } from '../state/store-records.ts';
import { gatherGroups, gatherStage, gatherTrees, namesIn } from './gather-trees.ts';
import type { Marker } from './marker.ts';
import type { SnapshotName } from './snapshot-name.ts';
import { stagingPaths } from './staging-paths.ts';

/** A tree of a stage. */
export interface TreeFacts extends Pick<SubvolumeFacts, 'path' | 'uuid' | 'id'> {
  readonly stage: string;
  readonly number: number;
}

/** What a tree holds. */
export interface HeldComponent {
  /** Undefined: the tree is empty, nothing is deployed; or `problem` says why it cannot be read. */
  readonly component: InstalledComponent | undefined;
  readonly problem?: CodedError;
}

/** A snapshot of a stage. */
export interface SnapshotFacts extends SnapshotName, HeldComponent, Pick<SubvolumeFacts, 'path' | 'uuid' | 'id'> {
  readonly stage: string;
}

/** A stage that is on this host, and what its tree holds. */
export interface HostStage extends HeldComponent {
  readonly name: string;
  /** As its component says, where its tree holds one. */
  readonly number: number | undefined;
  /** The tree that its name links to; undefined: none of ours. */
  readonly tree: TreeFacts | undefined;
  /** Undefined: it is not deployed. */
  readonly marker: Marker | undefined;
  /** Oldest first. */
  readonly snapshots: readonly SnapshotFacts[];
}

/** The staging layout as it is on this host. */
export interface StagingFacts {
  /** What of its own directories is missing: `staging`, `trees`, `snapshots`. */
  readonly missing: readonly string[];
  readonly stages: ReadonlyMap<string, HostStage>;
  /** All that are there, whether named or not. */
  readonly trees: readonly TreeFacts[];
  readonly snapshots: readonly SnapshotFacts[];
  /** Directories in `snapshots/` that hold nothing. */
  readonly emptyGroups: readonly string[];
  readonly pins: ReadonlySet<string>;
  /** Highest id of all subvolumes: what is made later has a higher one. */
  readonly newestId: number;
}

/** Looks at the staging layout. Changes nothing. @throws ReceiverError `HOST_NOT_PREPARED`, `HOST_BAD_RECORD` */
export async function gatherStaging(tools: Tools): Promise<StagingFacts> {
  const { layout, runner } = tools;
  demandRoot();
  await demandPrepared(layout);
  const paths = stagingPaths(layout);
  const there = await Promise.all([paths.root, paths.trees, paths.snapshots].map(isThere));
  const missing = [paths.root, paths.trees, paths.snapshots].filter((_, index) => !there[index]);
  const [trees, groups, names, pins, newestId] = await Promise.all([
    gatherTrees(tools),
    gatherGroups(tools),
    namesIn(paths.root),
    readPins(layout),
    newestSubvolumeId(runner, layout.pool),
  ]);
  const snapshots = groups.flatMap(({ holds }) => holds);
  const stages = await Promise.all(
    names.filter((name) => !NOT_STAGES.has(name)).map((name) => gatherStage(tools, name, trees, snapshots)),
  );
  return {
    missing,
    stages: new Map(stages.flatMap((stage) => (stage === undefined ? [] : [[stage.name, stage]]))),
    trees,
    snapshots,
    emptyGroups: groups.flatMap(({ path, holds }) => (holds.length === 0 ? [path] : [])),
    pins: new Set(pins),
    newestId,
  };
}

const NOT_STAGES = new Set(['trees', 'snapshots']);

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
