import { continuing, type Plan } from '@goldstream/plan';
import type { Layout } from '../host/layout.ts';
import { planIntegration } from '../integrate/plan-integration.ts';
import type { IntentOf } from '../state/intent.ts';
import { CONCLUDE, type Intend } from '../transaction/step.ts';
import { arrange } from './arrange.ts';
import type { Connection } from './connection.ts';
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
export function planConnect({
  layout,
  exchange,
  connection,
  allowSuid,
  adopt = false,
  now,
}: ConnectQuestion): Connected {
  const { stage, to, before, after, backTo } = exchange;
  const { components, previous, system, holding } = connection;
  const site = stagingSite(layout);
  const plan = planIntegration({ site, components, previous, system, holding, allowSuid, adopt });
  const [component] = components;
  const tree = stagingPaths(layout).tree(stage, to);
  const link: ConnectStep = { kind: 'link-stage', says: `switch ${stage} to it`, stage, to };
  const units = system.daemon ? [...plan.units.start, ...plan.units.restart] : [];
  const judge: ConnectStep[] =
    units.length === 0 ? [] : [{ kind: 'judge', says: `look whether ${units.join(', ')} did not fail`, units }];
  const commands = component?.manifest.verify ?? [];
  const runs = layout.root === '/' && commands.length > 0;
  const run: ConnectStep[] =
    component === undefined || !runs
      ? []
      : [{ kind: 'run-commands', says: sayCommands(commands.length), component: stage, commands }];
  const isNew = component !== undefined && !component.folder.startsWith(stagingPaths(layout).snapshots);
  const keep: ConnectStep[] =
    isNew && after !== undefined
      ? [{ kind: 'keep-tree', says: `keep it as it is deployed: ${after}`, stage, tree, snapshot: after }]
      : [];
  const mark: ConnectStep[] =
    component === undefined || after === undefined
      ? []
      : [
          {
            kind: 'mark-deployed',
            says: `mark ${stage} as deployed`,
            tree,
            marker: {
              tree: to,
              component: component.manifest.component,
              version: component.manifest.version,
              at: now.toISOString(),
              ...(backTo === undefined ? {} : { before: backTo }),
              as: after,
              placed: [...plan.placed],
              enabled: [...plan.enabled],
              disabled: [...plan.disabled],
            },
          },
        ];
  return {
    intent: intentOf(exchange, {
      snapshots: keep.length === 0 || after === undefined ? [before] : [before, after],
      connects: { placed: [...plan.placed], enabled: [...plan.enabled], disabled: [...plan.disabled] },
    }),
    notes: [
      ...plan.notes,
      ...(commands.length > 0 && !runs ? [`${sayCommands(commands.length)}: not below ${layout.root}`] : []),
    ],
    steps: [
      ...arrange<ConnectStep>(plan, { link: [link], proof: [...judge, ...run], deployed: component !== undefined }),
      ...continuing<ConnectStep>([...keep, ...mark, CONCLUDE]),
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

function sayCommands(count: number): string {
  return count === 1 ? 'run the command that verifies it' : `run the ${count} commands that verify it`;
}
