import type { Plan } from '@goldstream/plan';
import { ReceiverError } from '../error.ts';
import type { Layout } from '../host/layout.ts';
import { asDeployed } from './as-deployed.ts';
import type { StagingFacts } from './facts.ts';
import { intendExchange, intentOf } from './plan-connect.ts';
import { planInit } from './plan-init.ts';
import type { RecipeStage } from './read-recipe.ts';
import { snapshotName } from './snapshot-name.ts';
import { stagingPaths } from './staging-paths.ts';
import { type Exchange, type StageStep, TIDY } from './step.ts';

/** A stage of the recipe that is wanted, and whether it is on the system already, exactly as the recipe has it. */
export interface WantedStage extends Pick<RecipeStage, 'name' | 'number' | 'manifest'> {
  readonly isCurrent: boolean;
}

/** From what deploying stages is decided. */
export interface StageDeployFacts {
  readonly layout: Layout;
  readonly staging: StagingFacts;
  /** In the order of their deployment. */
  readonly wanted: readonly WantedStage[];
  readonly recipe: string | undefined;
  /** Whether what somebody else has at a target is kept, and taken over. */
  readonly adopt: boolean;
  /** Whether there is something that nobody needs any more. */
  readonly untidy: boolean;
  readonly now: Date;
}

/**
 * Decides how stages are deployed: each a transaction of its own, in the order of their dependencies, so one that fails
 * is put back and the ones before it stay. Its tree is made beside the one that runs; what comes of it on the system is
 * decided by a second plan, when the tree can be looked at.
 * @throws ReceiverError `STAGE_NEEDS_ANOTHER` when a component that one depends on is neither deployed nor wanted
 */
export function planDeployStages(facts: StageDeployFacts): Plan<StageStep> {
  const { layout, staging, wanted, untidy } = facts;
  const missing = wanted.filter(({ isCurrent }) => !isCurrent);
  demandDependencies(staging, wanted);
  const steps = [
    ...planInit(
      layout,
      staging,
      missing.map(({ name }) => name),
    ).steps,
    ...missing.flatMap((stage) => stageSteps(facts, stage)),
  ];
  return {
    goal: `deploy ${wanted.map(({ name }) => name).join(', ')}`,
    steps: [...steps, ...(steps.length > 0 || untidy ? [TIDY] : [])],
  };
}

function stageSteps(
  { layout, staging, recipe, adopt, now }: StageDeployFacts,
  stage: WantedStage,
): readonly StageStep[] {
  const { name, number } = stage;
  const paths = stagingPaths(layout);
  const taken = new Set(staging.snapshots.map((snapshot) => snapshot.name));
  const before = snapshotName('pre-stage', number, now, taken);
  const numbers = staging.trees.filter((tree) => tree.stage === name).map((tree) => tree.number);
  // A stage that is not there yet is made by the steps before these.
  const found = staging.stages.get(name);
  const from = found?.tree?.number ?? Math.max(0, ...numbers) + 1;
  const to = Math.max(from, ...numbers) + 1;
  const exchange: Exchange = {
    stage: name,
    from,
    to,
    newestIdBefore: staging.newestId,
    before,
    after: undefined,
    backTo: before,
  };
  const tree = paths.tree(name, to);
  const deployedAs = found && asDeployed(found)?.path;
  return [
    intendExchange(intentOf(exchange, { snapshots: [before] }), `note that ${name} gets another tree`),
    {
      kind: 'keep-tree',
      says: `keep ${name} as it is: ${before}`,
      stage: name,
      tree: paths.tree(name, from),
      snapshot: before,
    },
    { kind: 'make-tree', says: `make ${tree}`, from: paths.tree(name, from), to: tree },
    { kind: 'fill-tree', says: 'make it what the recipe says', stage: name, tree, recipe, deployedAs },
    { kind: 'connect-stage', says: 'switch to it, place its files, start its units, verify it', exchange, adopt },
  ];
}

function demandDependencies({ stages }: StagingFacts, wanted: readonly WantedStage[]): void {
  const deployed = [...stages.values()].flatMap(({ marker }) => (marker === undefined ? [] : [marker.component]));
  const there = new Set([...deployed, ...wanted.map(({ manifest }) => manifest.component)]);
  for (const { name, manifest } of wanted) {
    const lacking = manifest.dependencies.flatMap((one) =>
      one.kind === 'component' && !there.has(one.name) ? [one.name] : [],
    );
    if (lacking.length === 0) continue;
    throw new ReceiverError('STAGE_NEEDS_ANOTHER', `${name} needs ${lacking.join(', ')}, not deployed on this host`, {
      hint: 'Deploy them, too: name them, or say --all.',
    });
  }
}
