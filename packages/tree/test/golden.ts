import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { executePlan, type Plan } from '@goldstream/plan';
import { systemRunner } from '@goldstream/system';
import {
  compareContents,
  diffTrees,
  gatherRecipe,
  gatherTree,
  planUpdate,
  type TreeDifference,
  type TreeSource,
  type TreeStep,
  treeHandlers,
} from '../src/index.ts';

/** A recipe's folder and a golden subvolume on one Btrfs, as a builder has them. */
export interface Golden {
  readonly recipe: string;
  readonly root: string;
  readonly scratch: string;
}

export async function makeGolden(pool: string): Promise<Golden> {
  const golden = { recipe: join(pool, 'recipe'), root: join(pool, 'golden'), scratch: join(pool, 'scratch') };
  await mkdir(join(golden.recipe, 'files'), { recursive: true });
  await mkdir(golden.scratch);
  await systemRunner.capture(['btrfs', '--quiet', 'subvolume', 'create', golden.root]);
  return golden;
}

/** The recipe's `files` folder as it is, at the root. */
export const preserveFiles: TreeSource = {
  kind: 'directory',
  location: 'golden.yaml:3',
  path: 'files',
  into: '.',
  attributes: 'preserve',
};

export async function look(
  { recipe, root, scratch }: Golden,
  sources: readonly TreeSource[] = [preserveFiles],
): Promise<{ plan: Plan<TreeStep>; differences: readonly TreeDifference[] }> {
  await using desired = await gatherRecipe(recipe, sources, { runner: systemRunner, scratch });
  const actual = await gatherTree(root, systemRunner);
  const comparison = await compareContents(desired, actual);
  return {
    plan: planUpdate(desired, actual, comparison),
    differences: diffTrees(desired, actual, comparison),
  };
}

/** Gives back the plan that was executed. */
export async function update(
  { recipe, root, scratch }: Golden,
  sources: readonly TreeSource[] = [preserveFiles],
): Promise<Plan<TreeStep>> {
  await using desired = await gatherRecipe(recipe, sources, { runner: systemRunner, scratch });
  const actual = await gatherTree(root, systemRunner);
  const plan = planUpdate(desired, actual, await compareContents(desired, actual));
  await executePlan(plan, treeHandlers({ root, runner: systemRunner }));
  return plan;
}

export async function snapshot({ root }: Golden, to: string): Promise<void> {
  await systemRunner.capture(['sync', '-f', root]);
  await systemRunner.capture(['btrfs', '--quiet', 'subvolume', 'snapshot', '-r', root, to]);
  await systemRunner.capture(['sync', '-f', root]);
}
