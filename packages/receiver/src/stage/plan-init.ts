import type { Plan } from '@goldstream/plan';
import { ReceiverError } from '../error.ts';
import type { Layout } from '../host/layout.ts';
import type { StagingFacts } from './facts.ts';
import { stagingPaths } from './staging-paths.ts';
import type { LinkStage, MakeEmptyTree, MakePlace } from './step.ts';

/** What `stage init` does: each step makes something whole or nothing, so it needs no intent. */
export type InitStep = MakePlace | MakeEmptyTree | LinkStage;

/** Decides what is missing of the staging layout for these stages. Run again, it finds nothing to do. */
export function planInit(layout: Layout, staging: StagingFacts, stages: readonly string[]): Plan<InitStep> {
  const { root } = stagingPaths(layout);
  return {
    goal: `have a stage for each component of ${layout.application} in ${root}`,
    steps: [...placeSteps(layout, staging), ...stages.flatMap((stage) => stageSteps(layout, staging, stage))],
  };
}

function placeSteps(layout: Layout, { missing }: StagingFacts): readonly MakePlace[] {
  const { root } = stagingPaths(layout);
  return missing.map((path) => ({
    kind: 'make-place',
    says: path === root ? `make the subvolume ${path}` : `make ${path}`,
    path,
    as: path === root ? 'subvolume' : 'directory',
  }));
}

/** A name that links to no tree gets a new one; what it linked to is left alone. */
function stageSteps(
  layout: Layout,
  { stages, trees, missing }: StagingFacts,
  stage: string,
): readonly (MakeEmptyTree | LinkStage)[] {
  const paths = stagingPaths(layout);
  const found = stages.get(stage);
  if (found?.tree !== undefined) return [];
  if (found !== undefined && missing.length === 0) {
    throw new ReceiverError('STAGE_FOREIGN', `${paths.link(stage)} is a link to no tree of this program`, {
      hint: 'Look at it, move it away, then run the command again.',
    });
  }
  const number = Math.max(0, ...trees.filter((one) => one.stage === stage).map((one) => one.number)) + 1;
  const path = paths.tree(stage, number);
  return [
    { kind: 'make-empty-tree', says: `make the subvolume ${path}`, path },
    { kind: 'link-stage', says: `let ${stage} be that`, stage, to: number },
  ];
}
