import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '@goldstream/errors';
import { demandRoot, newestSubvolumeId, type SubvolumeFacts } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import type { InstalledComponent } from '../integrate/installed-component.ts';
import { readComponent } from '../integrate/read-components.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';
import { findOwnSubvolume } from '../prune/own-subvolume.ts';
import { readPins } from '../state/store-records.ts';
import { type Marker, readMarker } from './marker.ts';
import { byTime, parseSnapshotName, type SnapshotName } from './snapshot-name.ts';
import { parseTreeName, stagingPaths } from './staging-paths.ts';

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

async function gatherTrees(tools: Tools): Promise<readonly TreeFacts[]> {
  const { trees } = stagingPaths(tools.layout);
  const found = (await namesIn(trees)).map(async (name): Promise<TreeFacts[]> => {
    const named = parseTreeName(name);
    const subvolume = named && (await findOwnSubvolume(tools, join(trees, name)));
    return named === undefined || subvolume === undefined ? [] : [{ ...named, ...identityOf(subvolume) }];
  });
  return (await Promise.all(found)).flat();
}

async function gatherGroups(tools: Tools) {
  const { snapshots, group } = stagingPaths(tools.layout);
  const named = (await namesIn(snapshots)).flatMap((name) => parseSnapshotName(name) ?? []);
  return Promise.all(
    named.map(async (name) => {
      const path = group(name.name);
      const holds = await Promise.all((await namesIn(path)).map((stage) => gatherSnapshot(tools, name, stage)));
      return { path, holds: holds.flat() };
    }),
  );
}

async function gatherSnapshot(tools: Tools, name: SnapshotName, stage: string): Promise<readonly SnapshotFacts[]> {
  const path = stagingPaths(tools.layout).snapshot(name.name, stage);
  const subvolume = await findOwnSubvolume(tools, path);
  if (subvolume?.readonly !== true) return [];
  return [{ ...name, ...identityOf(subvolume), stage, ...(await holds(path, stage)) }];
}

/** A name that is no link is no stage: whoever made it keeps it. */
async function gatherStage(
  { layout }: Tools,
  name: string,
  trees: readonly TreeFacts[],
  snapshots: readonly SnapshotFacts[],
): Promise<HostStage | undefined> {
  const paths = stagingPaths(layout);
  const text = await readlink(paths.link(name)).catch(() => undefined);
  if (text === undefined) return undefined;
  const tree = trees.find((one) => one.stage === name && paths.linkText(name, one.number) === text);
  const held: HeldComponent = tree === undefined ? { component: undefined } : await holds(tree.path, name);
  const marker = tree && (await readMarker(tree.path));
  return {
    name,
    number: held.component?.manifest.stage,
    tree,
    ...held,
    marker: marker?.tree === tree?.number ? marker : undefined,
    snapshots: snapshots.filter(({ stage }) => stage === name).toSorted(byTime),
  };
}

/** One manifest that cannot be read must not keep the other stages from being looked at. */
async function holds(path: string, stage: string): Promise<HeldComponent> {
  try {
    return { component: await readComponent(path, stage) };
  } catch (problem) {
    if (problem instanceof CodedError) return { component: undefined, problem };
    throw problem;
  }
}

function identityOf({ path, uuid, id }: SubvolumeFacts): Pick<SubvolumeFacts, 'path' | 'uuid' | 'id'> {
  return { path, uuid, id };
}

async function namesIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => !name.startsWith('.')).sort();
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
