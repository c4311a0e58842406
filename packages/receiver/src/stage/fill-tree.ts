import { syncFilesystem } from '@goldstream/system';
import { planUpdate, treeHandlers } from '@goldstream/tree';
import { ReceiverError } from '../error.ts';
import { carryOutWithin } from '../host/carry-out-within.ts';
import type { Tools } from '../host/tools.ts';
import { compareTree } from './compare-tree.ts';
import { withRecipe } from './read-recipe.ts';
import type { FillTree } from './step.ts';

/** Makes a tree that nobody uses yet what the recipe says, block by block, and has it on the disk. */
export async function fillTree(tools: Tools, { stage, tree, recipe, deployedAs }: FillTree): Promise<void> {
  await withRecipe(tools, recipe, async (stages) => {
    const wanted = stages.find(({ name }) => name === stage);
    if (wanted === undefined) throw new ReceiverError('STAGE_UNKNOWN', `${stage} is in the recipe no more`);
    const { actual, comparison } = await compareTree(tools, tree, { ...wanted, deployedAs });
    await carryOutWithin(tools, planUpdate(wanted, actual, comparison), treeHandlers({ root: tree, ...tools }));
  });
  await syncFilesystem(tools.runner, tree);
}
