import { CliError } from '@goldstream/cli';
import type { Tools } from '../host/tools.ts';
import { planIntegration } from '../integrate/plan-integration.ts';
import { asDeployed } from './as-deployed.ts';
import { chooseStages } from './choose-stages.ts';
import { compareTree } from './compare-tree.ts';
import { gatherConnection } from './connection.ts';
import { gatherStaging, type StagingFacts } from './facts.ts';
import { isUntidy } from './gather-tidy.ts';
import type { StageDeployFacts, WantedStage } from './plan-deploy-stage.ts';
import { type RecipeStage, withRecipe } from './read-recipe.ts';
import { stagingSite } from './staging-site.ts';

/** What the operator asked for. */
export interface StageWish {
  /** Stages as typed. */
  readonly stages: readonly string[];
  readonly all: boolean;
  readonly recipe: string | undefined;
  readonly adopt: boolean;
}

/**
 * Looks at the recipe, at the stages on this host and at the system. Changes nothing but the scratch directory.
 * @throws CliError `CLI_USAGE` when neither stages nor all are asked for
 */
export async function gatherStageDeploy(tools: Tools, wish: StageWish): Promise<StageDeployFacts> {
  const { layout } = tools;
  if (wish.all === wish.stages.length > 0) {
    throw new CliError('CLI_USAGE', 'expected the stages to deploy, or --all', {
      hint: 'Name them: goldstream-receiver stage deploy stage-1, or say --all.',
    });
  }
  const staging = await gatherStaging(tools);
  const wanted = await withRecipe(tools, wish.recipe, async (stages) => {
    const chosen = wish.all ? stages : chooseStages(wish.stages, stages);
    const looked: WantedStage[] = [];
    for (const { name, number, manifest, entries } of chosen) {
      const isCurrent = await isAsRecipe(tools, staging, { name, number, manifest, entries });
      looked.push({ name, number, manifest, isCurrent });
    }
    return looked;
  });
  const untidy = await isUntidy(tools);
  return { layout, staging, wanted, recipe: wish.recipe, adopt: wish.adopt, untidy, now: tools.now() };
}

/** Whether a stage is deployed as the recipe has it, and nothing of it is missing on the system. */
async function isAsRecipe(tools: Tools, staging: StagingFacts, recipe: RecipeStage): Promise<boolean> {
  const stage = staging.stages.get(recipe.name);
  if (stage?.tree === undefined || stage.marker === undefined) return false;
  const { differences } = await compareTree(tools, stage.tree.path, {
    ...recipe,
    deployedAs: asDeployed(stage)?.path,
  });
  if (differences.length > 0) return false;
  const connection = await gatherConnection(tools, stage, stage.component);
  const site = stagingSite(tools.layout);
  const { before, after, gone } = planIntegration({ ...connection, site, allowSuid: tools.config.allow.suid });
  return before.length + after.length + gone.length === 0;
}
