import { plannedCommand, query } from '@goldstream/cli';
import { EXIT_CODES } from '@goldstream/errors';
import { exclusively } from '../host/exclusively.ts';
import type { Tools } from '../host/tools.ts';
import { gatherStaging } from '../stage/facts.ts';
import { gatherStageDeploy } from '../stage/gather-deploy.ts';
import { gatherStageRollback } from '../stage/gather-rollback.ts';
import { listSnapshots, renderSnapshots } from '../stage/list-snapshots.ts';
import { listStages, renderStages } from '../stage/list-stages.ts';
import { planDeployStages } from '../stage/plan-deploy-stage.ts';
import { planInit } from '../stage/plan-init.ts';
import { planRollbackStage } from '../stage/plan-rollback-stage.ts';
import { withRecipe } from '../stage/read-recipe.ts';
import { initHandlers, stageHandlers } from '../stage/stage-handlers.ts';
import { renderStagesVerified, verifyStages } from '../stage/verify-stages.ts';
import { adopt } from './options.ts';

const recipe = {
  type: 'string',
  placeholder: 'directory',
  summary: 'folder that holds golden.yaml (default: /usr/share/goldstream/APP)',
} as const;

const STAGE = 'full name, stage-3, or 3';

export const stageInit = plannedCommand({
  name: 'init',
  summary: 'Make the staging subvolume, and one for each stage of the recipe',
  examples: ['goldstream-receiver stage init --recipe golden'],
  options: { recipe },
  bracket: exclusively,
  plan: async (wish, tools: Tools) => {
    tools.audit.undertake({ event: 'stage', subject: { component: 'all' }, details: { command: 'init' } });
    const staging = await gatherStaging(tools);
    const names = await withRecipe(tools, wish.recipe, async (stages) => stages.map(({ name }) => name));
    return planInit(tools.layout, staging, names);
  },
  handlers: (tools) => tools.audit.announcing(initHandlers(tools)),
});

export const stageList = query({
  name: 'list',
  summary: 'List every stage of the recipe and of this host, and how it is',
  examples: ['goldstream-receiver stage list --recipe golden', 'goldstream-receiver stage list --json'],
  options: { recipe },
  answer: async (wish, tools: Tools) => listStages(tools, wish.recipe),
  render: renderStages,
});

export const stageDeploy = plannedCommand({
  name: 'deploy',
  summary: 'Build stages into their subvolumes and connect them to the system; a failure puts everything back',
  examples: [
    'goldstream-receiver stage deploy stage-1-core-dbus --recipe golden',
    'goldstream-receiver stage deploy 1 2',
    'goldstream-receiver stage deploy --all',
  ],
  arguments: { stages: { type: 'string', optional: true, variadic: true, placeholder: 'stage', summary: STAGE } },
  options: {
    all: { type: 'boolean', summary: 'every stage of the recipe, in the order of dependencies' },
    adopt,
    recipe,
  },
  bracket: exclusively,
  plan: async (wish, tools: Tools) => {
    undertake(tools, 'deploy', wish.all ? 'all' : wish.stages.join(', '));
    const facts = await gatherStageDeploy(tools, wish);
    undertake(tools, 'deploy', facts.wanted.map(({ manifest }) => manifest.component).join(', '));
    return planDeployStages(facts);
  },
  handlers: (tools) => tools.audit.announcing(stageHandlers(tools)),
});

export const stageSnapshots = query({
  name: 'snapshots',
  summary: 'List the snapshots of stages: their sizes, their times, what they belong to',
  examples: ['goldstream-receiver stage snapshots', 'goldstream-receiver stage snapshots --json'],
  answer: async (_, tools: Tools) => listSnapshots(tools),
  render: renderSnapshots,
});

export const stageRollback = plannedCommand({
  name: 'rollback',
  summary: 'Go back to how a stage was before it was deployed, or to a snapshot; other stages are not touched',
  examples: [
    'goldstream-receiver stage rollback stage-3',
    'goldstream-receiver stage rollback 3 --to post-stage-3-20261122-101500',
  ],
  arguments: { stage: { type: 'string', summary: STAGE } },
  options: { to: { type: 'string', placeholder: 'snapshot', summary: 'default: that of the time before' } },
  bracket: exclusively,
  plan: async (wish, tools: Tools) => {
    undertake(tools, 'rollback', wish.stage);
    const facts = await gatherStageRollback(tools, wish);
    undertake(tools, 'rollback', facts.stage.marker?.component ?? facts.stage.name);
    return planRollbackStage(facts);
  },
  handlers: (tools) => tools.audit.announcing(stageHandlers(tools)),
});

export const stageVerify = query({
  name: 'verify',
  summary: 'Look whether stages work as they were deployed; exit code 8 when one does not',
  examples: ['goldstream-receiver stage verify', 'goldstream-receiver stage verify stage-3'],
  arguments: { stages: { type: 'string', optional: true, variadic: true, placeholder: 'stage', summary: STAGE } },
  answer: async ({ stages }, tools: Tools) => verifyStages(tools, stages),
  render: renderStagesVerified,
  exitCode: ({ ok }) => (ok ? 0 : EXIT_CODES.state),
});

/** Names are bounded on the trail. */
function undertake({ audit }: Tools, command: string, components: string): void {
  const component = components === '' ? 'none' : components.slice(0, 255);
  audit.undertake({ event: 'stage', subject: { component }, details: { command } });
}
