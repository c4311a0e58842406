import type { Tools } from '../host/tools.ts';
import { readIntent } from '../state/store-intent.ts';
import { asDeployed } from './as-deployed.ts';
import { checkStage, type StageFinding } from './check-stage.ts';
import { compareTree } from './compare-tree.ts';
import { gatherStaging, type HostStage } from './facts.ts';
import { type RecipeStage, withRecipe } from './read-recipe.ts';

/** How a stage is, the worst first. */
export type StageState =
  /** It is marked as deployed, and cannot work as it is found; or an exchange of its tree was cut off. */
  | 'failed'
  /** It is deployed, and something of it was changed by hand. */
  | 'modified'
  /** It is deployed as it was, and the recipe says something else by now. */
  | 'outdated'
  | 'deployed'
  | 'available';

/** A stage of the recipe or of this host. */
export interface ListedStage {
  readonly name: string;
  readonly number: number | null;
  readonly state: StageState;
  /** What is deployed; null: nothing. */
  readonly version: string | null;
  /** What the recipe has; null: it is in the recipe no more. */
  readonly inRecipe: string | null;
  readonly description: string | null;
  readonly deployedAt: string | null;
  readonly findings: readonly StageFinding[];
}

/** Every stage, in the order of their deployment; those that only this host has come last. */
export async function listStages(tools: Tools, recipe: string | undefined): Promise<readonly ListedStage[]> {
  const [{ stages }, pending] = await Promise.all([gatherStaging(tools), readIntent(tools.layout)]);
  const intent = pending?.intent;
  const cutOff = intent?.kind === 'exchanging' ? intent.stage : undefined;
  return withRecipe(tools, recipe, async (inRecipe) => {
    const names = [...new Set([...inRecipe.map(({ name }) => name), ...stages.keys()])];
    const listed: ListedStage[] = [];
    for (const name of names) {
      const wanted = inRecipe.find((stage) => stage.name === name);
      listed.push(await listStage(tools, name, { stage: stages.get(name), wanted, isCutOff: cutOff === name }));
    }
    return listed;
  });
}

interface Seen {
  readonly stage: HostStage | undefined;
  readonly wanted: RecipeStage | undefined;
  readonly isCutOff: boolean;
}

async function listStage(tools: Tools, name: string, { stage, wanted, isCutOff }: Seen): Promise<ListedStage> {
  const findings = stage === undefined ? [] : await checkStage(tools, stage);
  const { marker, component } = stage ?? {};
  const manifest = wanted?.manifest ?? component?.manifest;
  return {
    name,
    number: manifest?.stage ?? null,
    state: isCutOff ? 'failed' : await stateOf(tools, stage, wanted, findings),
    version: marker?.version ?? null,
    inRecipe: wanted?.manifest.version ?? null,
    description: manifest?.description ?? null,
    deployedAt: marker?.at ?? null,
    findings,
  };
}

async function stateOf(
  tools: Tools,
  stage: HostStage | undefined,
  wanted: RecipeStage | undefined,
  findings: readonly StageFinding[],
): Promise<StageState> {
  // A tree with a component in it and without a marker is what nobody has finished.
  if (stage?.marker === undefined || stage.tree === undefined)
    return stage?.component === undefined ? 'available' : 'failed';
  if (findings.some(({ verdict }) => verdict === 'failed')) return 'failed';
  if (findings.length > 0) return 'modified';
  if (wanted === undefined) return 'deployed';
  const deployedAs = asDeployed(stage)?.path;
  const { differences } = await compareTree(tools, stage.tree.path, { ...wanted, deployedAs });
  return differences.length > 0 ? 'outdated' : 'deployed';
}

const SIGNS: Readonly<Partial<Record<StageState, string>>> = { available: '○', failed: '✗' };

/** One line for each stage: what is on the system, and works, has a tick. */
export function renderStages(stages: readonly ListedStage[]): string {
  if (stages.length === 0) return 'the recipe has no stages\n';
  const width = Math.max(...stages.map(({ name }) => name.length));
  return stages
    .map(({ name, state, version, inRecipe }) => {
      const next = state === 'outdated' && inRecipe !== version ? ` → ${inRecipe}` : '';
      return `${SIGNS[state] ?? '✓'} ${name.padEnd(width)}  [${state}]  ${version ?? inRecipe ?? ''}${next}`;
    })
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
