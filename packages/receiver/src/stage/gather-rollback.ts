import type { Tools } from '../host/tools.ts';
import { checkStage } from './check-stage.ts';
import { chooseStage } from './choose-stages.ts';
import { gatherConnection } from './connection.ts';
import { gatherStaging, type HostStage, type SnapshotFacts } from './facts.ts';
import { isUntidy } from './gather-tidy.ts';
import { chooseSnapshot, type StageRollbackFacts } from './plan-rollback-stage.ts';

/** What the operator asked for. */
export interface StageRollbackWish {
  readonly stage: string;
  /** A snapshot's name; undefined: that of the time before the present deployment. */
  readonly to: string | undefined;
}

/** Looks at a stage, its snapshots and the system. Changes nothing. @throws ReceiverError `STAGE_UNKNOWN`, `STAGE_NO_SNAPSHOT` */
export async function gatherStageRollback(tools: Tools, wish: StageRollbackWish): Promise<StageRollbackFacts> {
  const { layout, config } = tools;
  const staging = await gatherStaging(tools);
  const withNumbers = [...staging.stages.values()].map((stage) => ({
    ...stage,
    // One that is not deployed now is known by what it was.
    number: stage.number ?? stage.snapshots.findLast(({ component }) => component)?.component?.manifest.stage,
  }));
  const stage = chooseStage(wish.stage, withNumbers);
  const target = chooseSnapshot(stage, wish.to);
  const connection = await gatherConnection(tools, stage, target.component);
  const { suid: allowSuid } = config.allow;
  const isThere = await isAsIn(tools, stage, target);
  const untidy = isThere && (await isUntidy(tools));
  return { layout, staging, stage, target, isThere, untidy, connection, allowSuid, now: tools.now() };
}

/** Gone back to it before, and nothing was changed since. */
async function isAsIn(tools: Tools, stage: HostStage, { name, component }: SnapshotFacts): Promise<boolean> {
  if (component === undefined) return stage.marker === undefined && stage.component === undefined;
  return stage.marker?.as === name && (await checkStage(tools, stage)).length === 0;
}
