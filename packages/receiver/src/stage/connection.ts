import { readFile } from 'node:fs/promises';
import { subvolumeUsers, unitOfCgroup } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { gatherSystem } from '../integrate/gather-system.ts';
import type { InstalledComponent } from '../integrate/installed-component.ts';
import type { Previous, SystemFacts } from '../integrate/system-facts.ts';
import { NOTHING_BEFORE } from '../integrate/system-facts.ts';
import type { HostStage } from './facts.ts';
import { stagingSite } from './staging-site.ts';

/** What is known before a stage is connected to the system. */
export interface Connection {
  /** None: the stage is not deployed in the end. */
  readonly components: readonly InstalledComponent[];
  readonly previous: Previous;
  readonly system: SystemFacts;
  /** Services of which a process uses the tree that is left. */
  readonly holding: readonly string[];
}

/** Looks at what connecting `component` in place of what a stage has now would touch. Changes nothing. */
export async function gatherConnection(
  tools: Tools,
  stage: Pick<HostStage, 'tree' | 'component' | 'marker'> | undefined,
  component: InstalledComponent | undefined,
): Promise<Connection> {
  const components = component === undefined ? [] : [component];
  const previous = previousOf(stage);
  const [system, holding] = await Promise.all([
    gatherSystem(tools, stagingSite(tools.layout), components, previous),
    stage?.tree === undefined ? [] : servicesOn(tools, stage.tree.path),
  ]);
  return { components, previous, system, holding };
}

/** What a stage has placed, by its marker. */
export function previousOf(stage: Pick<HostStage, 'component' | 'marker'> | undefined): Previous {
  if (stage?.marker === undefined) return NOTHING_BEFORE;
  const { placed, enabled, disabled } = stage.marker;
  return { placed, enabled, disabled, components: stage.component === undefined ? [] : [stage.component] };
}

/** The services of which a process has something of a tree open, mapped, or runs it. None where no systemd runs. */
export async function servicesOn({ systemctl }: Pick<Tools, 'systemctl'>, tree: string): Promise<readonly string[]> {
  if (!systemctl.live) return [];
  const uses = (await subvolumeUsers([tree])).get(tree) ?? [];
  const processes = uses.flatMap((use) => (use.kind === 'process' ? [use.process] : []));
  const units = await Promise.all([...new Set(processes)].map(unitOf));
  return [...new Set(units.filter((unit) => unit?.endsWith('.service') === true))] as string[]; // Just looked at.
}

/** One that has ended meanwhile is of no unit. */
async function unitOf(process: number): Promise<string | undefined> {
  return unitOfCgroup(await readFile(`/proc/${process}/cgroup`, 'utf8').catch(() => ''));
}
