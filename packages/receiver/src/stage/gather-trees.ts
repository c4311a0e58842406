import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '@goldstream/errors';
import type { SubvolumeFacts } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { readComponent } from '../integrate/read-components.ts';
import { findOwnSubvolume } from '../prune/own-subvolume.ts';
import type { HeldComponent, HostStage, SnapshotFacts, TreeFacts } from './facts.ts';
import { readMarker } from './marker.ts';
import { byTime, parseSnapshotName, type SnapshotName } from './snapshot-name.ts';
import { parseTreeName, stagingPaths } from './staging-paths.ts';

/** The trees that are there, by their names and as subvolumes of the pool. */
export async function gatherTrees(tools: Tools): Promise<readonly TreeFacts[]> {
  const { trees } = stagingPaths(tools.layout);
  const found = (await namesIn(trees)).map(async (name): Promise<TreeFacts[]> => {
    const named = parseTreeName(name);
    const subvolume = named && (await findOwnSubvolume(tools, join(trees, name)));
    return named === undefined || subvolume === undefined ? [] : [{ ...named, ...identityOf(subvolume) }];
  });
  return (await Promise.all(found)).flat();
}

/** The directories of snapshots, and what each holds. */
export async function gatherGroups(tools: Tools) {
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

/** A stage by its name. A name that is no link is no stage: whoever made it keeps it. */
export async function gatherStage(
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

/** Names in a directory, sorted; none where it is not there. */
export async function namesIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => !name.startsWith('.')).sort();
}
