import { continuing, type Plan } from '@goldstream/plan';
import type { Layout } from '../host/layout.ts';
import type { InstalledComponent } from '../integrate/installed-component.ts';
import type { IntegrationPlan } from '../integrate/integration-plan.ts';
import { planIntegration } from '../integrate/plan-integration.ts';
import type { IntentOf } from '../state/intent.ts';
import { CONCLUDE, type Intend } from '../transaction/step.ts';
import { arrange } from './arrange.ts';
import type { Connection } from './connection.ts';
import type { Marker } from './marker.ts';
import { stagingPaths } from './staging-paths.ts';
import { stagingSite } from './staging-site.ts';
import type { ConnectStep, Exchange } from './step.ts';

/** What is decided about one tree that takes another's place. */
export interface ConnectQuestion {
  readonly layout: Layout;
  readonly exchange: Exchange;
  readonly connection: Connection;
  readonly allowSuid: boolean;
  /** Default: no. */
  readonly adopt?: boolean;
  readonly now: Date;
}

/** How a stage's tree takes the place of the one before. */
export interface Connected extends Pick<Plan, 'notes'> {
  /** To be durable before the first of the steps. */
  readonly intent: IntentOf<'exchanging'>;
  /** To the end of the transaction. */
  readonly steps: readonly ConnectStep[];
}

/**
 * Decides how a tree that is ready takes the place of the one that a stage has, is connected to the system, and proves
 * itself. One step switches; `.deployed` is written when all else is done.
 * @throws ReceiverError `TARGET_CONFLICT`, `TARGET_SETUID`
 */
export function planConnect(question: ConnectQuestion): Connected {
  const { layout, exchange, connection, allowSuid, adopt = false } = question;
  const { stage, to, before, after } = exchange;
  const [component] = connection.components;
  const plan = planIntegration({ ...connection, site: stagingSite(layout), allowSuid, adopt });
  const link: ConnectStep = { kind: 'link-stage', says: `switch ${stage} to it`, stage, to };
  const proof = [...judgeSteps(connection, plan), ...commandSteps(layout, stage, component)];
  const connects = { placed: [...plan.placed], enabled: [...plan.enabled], disabled: [...plan.disabled] };
  return {
    intent: intentOf(exchange, {
      snapshots: after === undefined || after.isThere ? [before] : [before, after.name],
      connects,
    }),
    notes: [...plan.notes, ...commandNotes(layout, component)],
    steps: [
      ...arrange<ConnectStep>(plan, { link: [link], proof, deployed: component !== undefined }),
      ...continuing<ConnectStep>([...endSteps(question, component, connects), CONCLUDE]),
    ],
  };
}

/** What an exchange is, before it is known what it places, or after. */
export function intentOf(
  { stage, from, to, newestIdBefore }: Exchange,
  known: Pick<IntentOf<'exchanging'>, 'snapshots' | 'connects'>,
): IntentOf<'exchanging'> {
  return { kind: 'exchanging', stage, from, to, newestIdBefore, ...known };
}

/** The step that makes an intent durable. */
export function intendExchange(intent: IntentOf<'exchanging'>, says: string): Intend {
  return { kind: 'intend', says, intent };
}

function judgeSteps({ system }: Connection, { units }: IntegrationPlan): readonly ConnectStep[] {
  const touched = system.daemon ? [...units.start, ...units.restart] : [];
  if (touched.length === 0) return [];
  return [{ kind: 'judge', says: `look whether ${touched.join(', ')} did not fail`, units: touched }];
}

/** Commands are run where the system is; below another root nothing runs. */
function commandSteps(
  { root }: Layout,
  stage: string,
  component: InstalledComponent | undefined,
): readonly ConnectStep[] {
  const commands = component?.manifest.verify ?? [];
  if (commands.length === 0 || root !== '/') return [];
  return [{ kind: 'run-commands', says: sayCommands(commands.length), component: stage, commands }];
}

function commandNotes({ root }: Layout, component: InstalledComponent | undefined): readonly string[] {
  const commands = component?.manifest.verify ?? [];
  return commands.length === 0 || root === '/' ? [] : [`${sayCommands(commands.length)}: not below ${root}`];
}

/** What says that it is done: the snapshot of the tree as it is deployed, and then the marker. */
function endSteps(
  { layout, exchange, now }: ConnectQuestion,
  component: InstalledComponent | undefined,
  connects: Pick<Marker, 'placed' | 'enabled' | 'disabled'>,
): readonly ConnectStep[] {
  const { stage, to, after, backTo } = exchange;
  if (component === undefined || after === undefined) return [];
  const tree = stagingPaths(layout).tree(stage, to);
  const { name: as } = after;
  const keep: ConnectStep = { kind: 'keep-tree', says: `keep it as it is deployed: ${as}`, stage, tree, snapshot: as };
  const { component: name, version } = component.manifest;
  const before = backTo === undefined ? {} : { before: backTo };
  const marker = { tree: to, component: name, version, at: now.toISOString(), ...before, as, ...connects };
  return [...(after.isThere ? [] : [keep]), { kind: 'mark-deployed', says: `mark ${stage} as deployed`, tree, marker }];
}

function sayCommands(count: number): string {
  return count === 1 ? 'run the command that verifies it' : `run the ${count} commands that verify it`;
}
