import { showPath, type TreeDifference } from '@goldstream/tree';
import type { Tools } from '../host/tools.ts';
import { asDeployed } from './as-deployed.ts';
import { checkPlaced } from './check-placed.ts';
import { compareTree, treeAsDeployed } from './compare-tree.ts';
import type { HostStage } from './facts.ts';
import { problemOf } from './run-commands.ts';
import { stagingPaths } from './staging-paths.ts';

/** One thing that was looked at, when it is not as it was deployed. */
export interface StageFinding {
  readonly stage: string;
  /** A target, a file of the tree, a unit, a command. */
  readonly what: string;
  readonly found: string;
  /**
   * `known`: a file that is the operator's once it is there was changed; `modified`: something else was changed by hand;
   * `failed`: it cannot work so.
   */
  readonly verdict: 'known' | 'modified' | 'failed';
}

/** Compares a deployed stage with its marker: tree, links, copies, modes, owners, units. */
export async function checkStage(tools: Tools, stage: HostStage): Promise<readonly StageFinding[]> {
  const { marker, tree } = stage;
  if (marker === undefined || tree === undefined) return [];
  const finding = (what: string, found: string, verdict: StageFinding['verdict']): StageFinding => ({
    stage: stage.name,
    what,
    found,
    verdict,
  });
  const placed = await Promise.all(marker.placed.map((record) => checkPlaced(tools, record)));
  return [
    ...(stage.problem === undefined ? [] : [finding('manifest.yaml', stage.problem.message, 'failed')]),
    ...placed.flatMap((one) => (one === undefined ? [] : [finding(one.target, one.found, one.verdict)])),
    ...(await checkTree(tools, stage)).map(({ what, found }) => finding(what, found, 'modified')),
    ...(await checkUnits(tools, stage)).map(({ what, found }) => finding(what, found, 'failed')),
  ];
}

/** Runs the commands that verify a stage; below another root nothing runs. */
export async function checkCommands(tools: Tools, stage: HostStage): Promise<readonly StageFinding[]> {
  if (stage.marker === undefined || tools.layout.root !== '/') return [];
  const findings: StageFinding[] = [];
  for (const entry of stage.component?.manifest.verify ?? []) {
    const found = await problemOf(tools, entry);
    if (found !== undefined) findings.push({ stage: stage.name, what: 'verify', found, verdict: 'failed' });
  }
  return findings;
}

async function checkTree(tools: Tools, stage: HostStage) {
  const { tree, component } = stage;
  const as = asDeployed(stage);
  if (tree === undefined || component === undefined || as === undefined) return [];
  const entries = await treeAsDeployed(tools, as.path);
  const { differences } = await compareTree(tools, tree.path, {
    entries,
    manifest: component.manifest,
    deployedAs: undefined,
  });
  const { link } = stagingPaths(tools.layout);
  return differences.map((one) => ({
    what: `${link(stage.name)}/${showPath(one.path)}`,
    found: describeDifference(one),
  }));
}

/** What an operator disabled or masked is his decision; what is to run, and is not even loaded, is not. */
async function checkUnits({ systemctl }: Tools, { component }: HostStage) {
  const units = (component?.manifest.services ?? []).map(({ unit }) => unit).filter((unit) => !unit.includes('@.'));
  if (!systemctl.live || units.length === 0) return [];
  const [enabled, active] = await Promise.all([systemctl.enabledStates(units), systemctl.activeStates(units)]);
  return (component?.manifest.services ?? []).flatMap(({ unit, start }) => {
    const [file, state] = [enabled.get(unit) ?? 'not-found', active.get(unit) ?? 'inactive'];
    if (file === 'not-found') return [{ what: unit, found: 'not installed' }];
    if (state === 'failed') return [{ what: unit, found: 'failed' }];
    const shallRun = start && !LEFT_ALONE.has(file);
    return shallRun && state === 'inactive' ? [{ what: unit, found: 'not running' }] : [];
  });
}

const LEFT_ALONE = new Set(['disabled', 'masked', 'masked-runtime']);

function describeDifference(difference: TreeDifference): string {
  if (difference.kind === 'differs') return `${difference.aspects.join(', ')} changed by hand`;
  return difference.kind === 'missing' ? 'removed by hand' : 'added by hand';
}
