import type { ComponentManifest } from '@goldstream/component';
import {
  type ActualTree,
  type Comparison,
  compareContents,
  diffTrees,
  gatherTree,
  type PathBytes,
  pathFromText,
  type StoredFile,
  type Tree,
  type TreeDifference,
} from '@goldstream/tree';
import type { Tools } from '../host/tools.ts';
import { MARKER } from './marker.ts';

/** A stage's tree beside what it shall be. */
export interface TreeComparison {
  readonly actual: ActualTree;
  readonly comparison: Comparison;
  readonly differences: readonly TreeDifference[];
}

/** What a tree is compared with. */
export interface Expected {
  readonly entries: Tree<StoredFile>;
  readonly manifest: ComponentManifest;
  /** The snapshot of the tree as it was deployed; undefined: not deployed, or that is gone. */
  readonly deployedAs: string | undefined;
}

/**
 * Compares a stage's tree with what it shall be, reading every byte. What services have put into the directories that are
 * linked into the system is theirs: it is no difference, and nobody takes it away.
 */
export async function compareTree(
  { runner }: Pick<Tools, 'runner'>,
  tree: string,
  expected: Expected,
): Promise<TreeComparison> {
  const { entries, manifest, deployedAs } = expected;
  const [found, before] = await Promise.all([
    gatherTree(tree, runner),
    deployedAs === undefined ? undefined : gatherTree(deployedAs, runner),
  ]);
  const known = (path: PathBytes) => entries.has(path) || before?.entries.has(path) === true;
  const actual = { root: found.root, entries: withoutServiceData(found.entries, manifest, known) };
  const comparison = await compareContents({ entries }, actual);
  return { actual, comparison, differences: diffTrees({ entries }, actual, comparison) };
}

/** The tree as it was deployed, without the marker of an earlier one. */
export async function treeAsDeployed({ runner }: Pick<Tools, 'runner'>, snapshot: string): Promise<Tree<StoredFile>> {
  const { entries } = await gatherTree(snapshot, runner);
  return new Map([...entries].filter(([path]) => path !== MARKER_PATH));
}

const MARKER_PATH = pathFromText(MARKER);

function withoutServiceData(
  entries: Tree<StoredFile>,
  { files }: ComponentManifest,
  known: (path: PathBytes) => boolean,
): Tree<StoredFile> {
  const shared = files.filter(({ type }) => type === 'directory').map(({ path }) => `${pathFromText(path)}/`);
  const isData = (path: PathBytes) => shared.some((prefix) => path.startsWith(prefix)) && !known(path);
  return new Map([...entries].filter(([path]) => path !== MARKER_PATH && !isData(path)));
}
