import type { Plan } from '@goldstream/plan';
import { ReceiverError } from '../error.ts';
import type { Layout } from '../host/layout.ts';
import type { Connection } from './connection.ts';
import type { HostStage, SnapshotFacts, StagingFacts } from './facts.ts';
import { intendExchange, planConnect } from './plan-connect.ts';
import { byTime, snapshotName } from './snapshot-name.ts';
import { stagingPaths } from './staging-paths.ts';
import { type Exchange, type StageStep, TIDY } from './step.ts';

/** From what going back is decided. */
export interface StageRollbackFacts {
  readonly layout: Layout;
  readonly staging: StagingFacts;
  readonly stage: HostStage;
  readonly target: SnapshotFacts;
  /** Whether the stage is as in that snapshot already, on the system, too. */
  readonly isThere: boolean;
  /** Whether there is something that nobody needs any more. */
  readonly untidy: boolean;
  readonly connection: Connection;
  readonly allowSuid: boolean;
  readonly now: Date;
}

/**
 * The snapshot that is gone back to: the one named, else that of the time before the present deployment.
 * @throws ReceiverError `STAGE_NO_SNAPSHOT`
 */
export function chooseSnapshot({ name, marker, snapshots }: HostStage, to: string | undefined): SnapshotFacts {
  const wanted = to ?? marker?.before;
  const found = snapshots.find((snapshot) => snapshot.name === wanted);
  if (found?.problem !== undefined) throw found.problem;
  if (found !== undefined) return found;
  const problem =
    wanted === undefined
      ? marker === undefined
        ? `${name} is not deployed`
        : `nothing was kept of the time before ${name} was deployed`
      : `${wanted} is no snapshot of ${name}`;
  throw new ReceiverError('STAGE_NO_SNAPSHOT', problem, {
    hint: 'Look at `goldstream-receiver stage snapshots`, then name one with --to.',
  });
}

/**
 * Decides how a stage goes back to a snapshot: today's tree is kept first; a tree made of the snapshot takes its place;
 * what only today's has is removed, and what the older one had is put back. All other stages stay as they are.
 */
export function planRollbackStage(facts: StageRollbackFacts): Plan<StageStep> {
  const { layout, staging, stage, target, isThere, untidy, now } = facts;
  const goal = `have ${stage.name} as in ${target.name}`;
  const { tree } = stage;
  if (tree === undefined) throw new TypeError(`${stage.name} has no tree`);
  const number = stage.number ?? target.component?.manifest.stage;
  // Without a number neither holds a component: both are empty.
  if (isThere || number === undefined) return { goal, steps: untidy ? [TIDY] : [] };
  const paths = stagingPaths(layout);
  const before = snapshotName('pre-rollback', number, now, new Set(staging.snapshots.map(({ name }) => name)));
  const to = Math.max(...staging.trees.filter((one) => one.stage === stage.name).map((one) => one.number)) + 1;
  const exchange: Exchange = {
    stage: stage.name,
    from: tree.number,
    to,
    newestIdBefore: staging.newestId,
    before,
    after: target.component === undefined ? undefined : { name: target.name, isThere: true },
    backTo: earlier(stage, target)?.name,
  };
  const { intent, notes, steps } = planConnect({ ...facts, exchange });
  return {
    goal,
    ...(notes === undefined ? {} : { notes }),
    steps: [
      intendExchange(intent, `note that ${stage.name} goes back to ${target.name}`),
      { kind: 'keep-tree', says: `keep it as it is: ${before}`, stage: stage.name, tree: tree.path, snapshot: before },
      {
        kind: 'make-tree',
        says: `make ${paths.tree(stage.name, to)} of ${target.name}`,
        from: target.path,
        to: paths.tree(stage.name, to),
      },
      ...steps,
      TIDY,
    ],
  };
}

/** What going back once more would go to: the newest snapshot of the time before the one that is gone back to. */
function earlier({ snapshots }: HostStage, target: SnapshotFacts): SnapshotFacts | undefined {
  const isEarlier = (one: SnapshotFacts) =>
    target.purpose === 'pre-stage' ? byTime(one, target) < 0 : one.at <= target.at;
  return snapshots.findLast((one) => one.purpose === 'pre-stage' && isEarlier(one));
}
