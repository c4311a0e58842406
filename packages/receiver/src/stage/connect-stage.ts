import { ReceiverError } from '../error.ts';
import { carryOutWithin } from '../host/carry-out-within.ts';
import type { Tools } from '../host/tools.ts';
import { readComponent } from '../integrate/read-components.ts';
import { gatherConnection } from './connection.ts';
import { gatherStaging } from './facts.ts';
import { intendExchange, planConnect } from './plan-connect.ts';
import { snapshotName } from './snapshot-name.ts';
import { connectHandlers } from './stage-handlers.ts';
import { stagingPaths } from './staging-paths.ts';
import type { ConnectStage } from './step.ts';

/** Looks at the tree that is ready now, decides how it takes its place on the system, and carries that out. */
export async function connectStage(tools: Tools, { exchange, adopt }: ConnectStage): Promise<void> {
  const { layout, config } = tools;
  const { stage, to } = exchange;
  const staging = await gatherStaging(tools);
  const component = await readComponent(stagingPaths(layout).tree(stage, to), stage);
  if (component === undefined) throw new ReceiverError('DEPLOY_INCOMPLETE_TREE', `${stage} holds no manifest.yaml`);
  const connection = await gatherConnection(tools, staging.stages.get(stage), component);
  const taken = new Set(staging.snapshots.map(({ name }) => name));
  const now = tools.now();
  const name = snapshotName('post-stage', component.manifest.stage, now, taken);
  const { intent, notes, steps } = planConnect({
    layout,
    exchange: { ...exchange, after: { name, isThere: false } },
    connection,
    allowSuid: config.allow.suid,
    adopt,
    now,
  });
  const plan = {
    goal: `connect ${stage}`,
    ...(notes === undefined ? {} : { notes }),
    steps: [intendExchange(intent, 'note what it places'), ...steps],
  };
  await carryOutWithin(tools, plan, connectHandlers(tools));
}
