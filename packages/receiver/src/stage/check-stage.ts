import { lstat } from 'node:fs/promises';
import { showPath, type TreeDifference } from '@goldstream/tree';
import type { Tools } from '../host/tools.ts';
import { kindAt, lookAtPlace } from '../integrate/look-at-place.ts';
import { resolveInside } from '../integrate/resolve-inside.ts';
import type { Found } from '../integrate/system-facts.ts';
import type { Placed } from '../state/records.ts';
import { asDeployed } from './as-deployed.ts';
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

interface Deviation {
  readonly target: string;
  readonly found: string;
  readonly verdict: StageFinding['verdict'];
}

async function checkPlaced({ layout }: Tools, record: Placed): Promise<Deviation | undefined> {
  const { target } = record;
  const { place } = await resolveInside(layout.root, target);
  if (record.kind === 'directory') {
    const kind = await kindAt(place);
    return kind === 'directory' ? undefined : { target, found: describe({ kind }), verdict: 'failed' };
  }
  const found = await lookAtPlace(place);
  if (record.kind === 'link') return checkLink(layout.root, record, found);
  // What an operator had there before is his.
  if (record.kind === 'default' && record.sha256 === undefined) return undefined;
  if (found.kind !== 'file') return { target, found: describe(found), verdict: 'failed' };
  const verdict = record.kind === 'default' ? 'known' : 'modified';
  if (found.sha256 !== record.sha256) return { target, found: 'changed by hand', verdict };
  const { mode, uid, gid } = record;
  if (found.mode !== mode) return { target, found: `mode ${octal(found.mode)}, expected ${octal(mode)}`, verdict };
  if (found.uid !== uid || found.gid !== gid) {
    return { target, found: `owner ${found.uid}:${found.gid}, expected ${uid}:${gid}`, verdict };
  }
  return undefined;
}

async function checkLink(
  root: string,
  { target, text }: Extract<Placed, { kind: 'link' }>,
  found: Found,
): Promise<Deviation | undefined> {
  if (found.kind !== 'link' || found.text !== text) return { target, found: describe(found), verdict: 'failed' };
  // With the dot, the last name is followed, too.
  const { place } = await resolveInside(root, `${text}/.`);
  const leads = await lstat(place).then(
    () => true,
    () => false,
  );
  return leads ? undefined : { target, found: `a link to ${text}, which is not there`, verdict: 'failed' };
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

function describe(found: Pick<Found, 'kind'> & { readonly text?: string }): string {
  switch (found.kind) {
    case 'absent':
      return 'not there';
    case 'link':
      return found.text === undefined ? 'a link' : `a link to ${found.text}`;
    case 'file':
      return 'a file';
    case 'directory':
      return 'a directory';
    case 'other':
      return 'a special file';
  }
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
