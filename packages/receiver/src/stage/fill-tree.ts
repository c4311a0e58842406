import { join } from 'node:path';
import { syncFilesystem } from '@goldstream/system';
import { planUpdate, treeHandlers } from '@goldstream/tree';
import { ReceiverError } from '../error.ts';
import { carryOutWithin } from '../host/carry-out-within.ts';
import type { Tools } from '../host/tools.ts';
import { compareTree } from './compare-tree.ts';
import { gatherStaging } from './facts.ts';
import { withRecipe } from './read-recipe.ts';
import { stagingPaths } from './staging-paths.ts';
import type { FillTree } from './step.ts';

/** Makes a tree that nobody uses yet what the recipe says, block by block, and has it on the disk. */
export async function fillTree(tools: Tools, { stage, tree, recipe }: FillTree): Promise<void> {
  const deployedAs = await snapshotAsDeployed(tools, stage);
  await withRecipe(tools, recipe, async (stages) => {
    const wanted = stages.find(({ name }) => name === stage);
    if (wanted === undefined) throw new ReceiverError('STAGE_UNKNOWN', `${stage} is in the recipe no more`);
    const { actual, comparison } = await compareTree(tools, tree, { ...wanted, deployedAs });
    await carryOutWithin(tools, planUpdate(wanted, actual, comparison), treeHandlers({ root: tree, ...tools }));
  });
  await syncFilesystem(tools.runner, tree);
}

/** The snapshot that a stage's deployment is compared with, while it is there. */
export async function snapshotAsDeployed(tools: Tools, stage: string): Promise<string | undefined> {
  const { stages, snapshots } = await gatherStaging(tools);
  const as = stages.get(stage)?.marker?.as;
  const path = as === undefined ? undefined : join(stagingPaths(tools.layout).group(as), stage);
  return snapshots.find((snapshot) => snapshot.path === path)?.path;
}
