import { lstat, readlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CodedError } from '@goldstream/errors';
import type { Tools } from '../host/tools.ts';
import { gatherSystem } from '../integrate/gather-system.ts';
import { TEMPORARY } from '../integrate/place-file.ts';
import { readComponent } from '../integrate/read-components.ts';
import type { Current, UnitPower } from '../recover/table.ts';
import type { IntentOf } from '../state/intent.ts';
import { type Connection, servicesOn } from './connection.ts';
import { gatherStaging, type SnapshotFacts, type TreeFacts } from './facts.ts';
import { readMarker } from './marker.ts';
import { parseTreeName, stagingPaths } from './staging-paths.ts';
import { stagingSite } from './staging-site.ts';

/** What is known before a stage is put back. */
export interface PutBackFacts {
  readonly intent: IntentOf<'exchanging'>;
  /** Whether its link names the tree that it shall have. */
  readonly isLinked: boolean;
  /** The tree that it shall have; undefined: it is gone. */
  readonly from: TreeFacts | undefined;
  /** What the interrupted command has made: its tree, and snapshots. */
  readonly made: readonly (TreeFacts | SnapshotFacts)[];
  /** Directories of snapshots that were not made in the end. */
  readonly emptyGroups: readonly string[];
  /** What is known of files and units, or why nothing can be. */
  readonly connection: Connection | { readonly problem: Error };
  /** Files that were under construction. */
  readonly leftovers: readonly string[];
}

/** The number of the tree that the link of an exchanged stage names. */
export async function linkedTree({ layout }: Tools, { stage }: IntentOf<'exchanging'>): Promise<Current> {
  const text = await readlink(stagingPaths(layout).link(stage)).catch(() => undefined);
  if (text === undefined) return 'nothing';
  const named = dirname(text) === 'trees' ? parseTreeName(basename(text)) : undefined;
  return named?.stage === stage ? named.number : 'foreign';
}

/** Looks at an exchange that was cut off. Changes nothing. */
export async function gatherPutBack(
  tools: Tools,
  intent: IntentOf<'exchanging'>,
  power: UnitPower,
): Promise<PutBackFacts> {
  const { stage, newestIdBefore, snapshots } = intent;
  const staging = await gatherStaging(tools);
  const find = (number: number) => staging.trees.find((tree) => tree.stage === stage && tree.number === number);
  const [from, to] = [find(intent.from), find(intent.to)];
  const current = await linkedTree(tools, intent);
  const meeting = { from, to, isSwitched: current === intent.to && power === 'all' };
  const connection = await gatherMeeting(tools, intent, meeting).catch(asProblem);
  const groups = snapshots.map((name) => stagingPaths(tools.layout).group(name));
  return {
    intent,
    isLinked: current === intent.from,
    from,
    made: [
      ...(to === undefined ? [] : [to]),
      ...staging.snapshots.filter(({ name }) => snapshots.includes(name)),
    ].filter(
      // A name alone says of nothing that it is ours.
      ({ id }) => id > newestIdBefore,
    ),
    emptyGroups: staging.emptyGroups.filter((group) => groups.includes(group)),
    connection,
    leftovers: await findLeftovers(tools, stage, 'system' in connection ? connection : undefined),
  };
}

interface Trees {
  readonly from: TreeFacts | undefined;
  readonly to: TreeFacts | undefined;
  /** Whether processes run from the newer one. */
  readonly isSwitched: boolean;
}

async function gatherMeeting(
  tools: Tools,
  { stage, connects }: IntentOf<'exchanging'>,
  { from, to, isSwitched }: Trees,
): Promise<Connection> {
  const marker = from && (await readMarker(from.path));
  const deployed = marker?.tree === from?.number ? marker : undefined;
  const component = deployed && from ? await readComponent(from.path, stage) : undefined;
  // Of the one that is left nothing has to be there any more.
  const left = to && (await readComponent(to.path, stage).catch(() => undefined));
  const components = component === undefined ? [] : [component];
  const { enabled = [], disabled } = connects ?? deployed ?? {};
  const previous = {
    placed: [...(deployed?.placed ?? []), ...(connects?.placed ?? [])],
    enabled,
    disabled,
    components: isSwitched && left !== undefined ? [left] : components,
  };
  const [system, holding] = await Promise.all([
    gatherSystem(tools, stagingSite(tools.layout), components, previous),
    isSwitched && to !== undefined ? servicesOn(tools, to.path) : [],
  ]);
  return { components, previous, system, holding };
}

/** The link of the stage that never took its name, and what was written beside targets. */
async function findLeftovers(
  { layout }: Tools,
  stage: string,
  connection: Connection | undefined,
): Promise<readonly string[]> {
  const { link } = stagingPaths(layout);
  const places = [...(connection?.system.targets.values() ?? [])].map(({ place }) => place);
  const ours = `${stagingSite(layout).links}/`;
  const links = [...places, link(stage)].map(async (place) => {
    const path = join(dirname(place), `.${basename(place)}.new`);
    const text = await readlink(path).catch(() => '');
    return text.startsWith(ours) || text.startsWith('trees/') ? [path] : [];
  });
  const files = [...new Set(places.map(dirname))].map(async (directory) => {
    const path = join(directory, TEMPORARY);
    const found = await lstat(path).catch(() => undefined);
    return found?.isFile() === true ? [path] : [];
  });
  return (await Promise.all([...links, ...files])).flat().toSorted();
}

/** What the host or its operator is to blame for must not keep a host from coming up; a bug is a bug. */
function asProblem(error: unknown): { readonly problem: Error } {
  if (error instanceof CodedError || (error instanceof Error && 'syscall' in error)) return { problem: error };
  throw error;
}
