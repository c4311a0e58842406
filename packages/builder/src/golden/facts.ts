import {
  type ActualTree,
  type Comparison,
  compareContents,
  contentDigest,
  type DesiredTree,
  diffTrees,
  gatherRecipe,
  gatherTree,
  type TreeDifference,
  treeSources,
} from '@goldstream/tree';
import { demandPool } from '../pool/demand-pool.ts';
import { readComponents } from '../recipe/read-components.ts';
import { readRecord } from '../state/record.ts';
import { type GoldenRecord, goldenRecord } from '../state/records.ts';
import type { Tools } from '../tools.ts';
import { treeProgress } from '../tree-progress.ts';

/** Golden, the recipe, and in what they differ. */
export interface GoldenFacts {
  readonly golden: string;
  readonly desired: DesiredTree;
  readonly actual: ActualTree;
  readonly comparison: Comparison;
  readonly differences: readonly TreeDifference[];
  /** What the last update left. */
  readonly record: GoldenRecord | undefined;
  /** Golden's content digest now; not asked for when golden differs from the recipe anyway. */
  readonly contentDigest: string | undefined;
}

/**
 * Runs the recipe's builds and compares every byte of golden with it. Changes nothing but the scratch directory.
 * @throws errors of the recipe with file and line; `TREE_NESTED_SUBVOLUME`
 */
export async function gatherGolden(tools: Tools): Promise<GoldenFacts> {
  const { runner, layout, io, belongings } = tools;
  // The recipe first: it can be mended without a pool.
  const { folder, golden: recipe } = tools.recipe;
  await demandPool(tools);
  const desired = belongings.keep(
    await gatherRecipe(folder, treeSources(recipe.sources), {
      runner,
      scratch: layout.scratch,
      onOutput: (chunk) => io.say(Buffer.from(chunk).toString('utf8').trimEnd()),
    }),
  );
  await readComponents(desired.entries);
  const actual = await gatherTree(layout.golden, runner);
  const comparison = await compareContents(desired, actual, treeProgress(io, 'compare golden with the recipe'));
  const differences = diffTrees(desired, actual, comparison);
  const record = await readRecord(layout.goldenRecord, goldenRecord);
  const digest =
    record !== undefined && differences.length === 0
      ? await contentDigest(layout.golden, {
          runner,
          onProgress: treeProgress(io, 'content digest of golden'),
          extraXattrs: recipe.policy.xattrs,
        })
      : undefined;
  return { golden: layout.golden, desired, actual, comparison, differences, record, contentDigest: digest?.digest };
}
