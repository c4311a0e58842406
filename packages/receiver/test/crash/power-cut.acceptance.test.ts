import {
  type CrashMode,
  crashPoints,
  FOR_LOGGED_DISK,
  LONG_RUN,
  type LoggedDisk,
  lookAtRun,
  type Recording,
  requireOrSkip,
  type SeenMoment,
  withLoggedDisk,
} from '@goldstream/testing';
import { describe, expect } from 'vitest';
import type { ReleasedShop } from '../released-shop.ts';
import { shopTest } from '../shop-test.ts';
import { CUT_OFF, demandEnded, hostBefore, type Operation, PATIENCE, startedHost } from './operation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { demandRecovered, demandVerified } from './recovered.ts';
import { Tally } from './tally.ts';
import { demandWhole, type KnownTrees, noteTrees } from './whole.ts';

/** Power cuts for an operation and mode, beside those right after a `btrfs receive` and around the switch. */
const cutsOf = ({ covered }: Operation) => (!LONG_RUN ? 25 : covered === undefined ? 200 : 50);
const MODES: readonly CrashMode[] = ['prefix', 'drop'];

describe('a power cut leaves a whole version that starts, and the command ends well when run again', () => {
  for (const operation of CUT_OFF) {
    shopTest(operation.name, { timeout: PATIENCE }, async ({ shop, skip }) => {
      await requireOrSkip(skip, FOR_LOGGED_DISK);
      const violations = await withLoggedDisk(
        {},
        (disk) => perform(operation, shop, disk),
        async (recording, performed) => {
          const found: string[] = [];
          for (const mode of MODES) found.push(...(await violationsOf(mode, operation, shop, recording, performed)));
          return found;
        },
      );
      expect(violations).toEqual([]);
    });
  }
});

/** What was noted while the command ran undisturbed. */
interface Performed {
  readonly trees: KnownTrees;
  readonly outcome: Outcome;
  /** Positions of the disk: where the command began, where all of it was flushed, and at each moment between. */
  readonly from: number;
  readonly to: number;
  readonly moments: readonly SeenMoment[];
}

async function perform(operation: Operation, shop: ReleasedShop, disk: LoggedDisk): Promise<Performed> {
  const trees: KnownTrees = new Map();
  const host = await hostBefore(disk.mountPoint, shop, operation);
  await noteTrees(host, trees);
  const from = await disk.sync();
  const { ended, moments } = await lookAtRun(host.command(...operation.command), { watch: disk.log });
  expect(ended).toMatchObject({ exitCode: 0 });
  // What was not flushed by the command itself when it ended is lost, as it is when the power goes right then.
  const to = await disk.position();
  await noteTrees(host, trees);
  await demandVerified(host);
  return { trees, outcome: await outcomeOf(host), from, to, moments };
}

async function violationsOf(
  mode: CrashMode,
  operation: Operation,
  shop: ReleasedShop,
  recording: Recording,
  { trees, outcome, from, to, moments }: Performed,
): Promise<string[]> {
  const violations: string[] = [];
  const tally = new Tally();
  const also = telling(moments, mode);
  for await (const { name, position } of crashPoints(recording, {
    mode,
    count: cutsOf(operation),
    from,
    to,
    also,
    seed: 1,
  })) {
    try {
      const host = await startedHost(recording.mountPoint, shop);
      const { active } = await demandWhole(host, operation, trees);
      tally.add(`with ${active?.version ?? 'nothing'}`);
      await demandEnded(host, 'recover');
      const status = await demandWhole(host, operation, trees);
      if (operation.damage === undefined) await demandVerified(host, status);
      await demandRecovered(host, operation, { trees, outcome });
    } catch (violation) {
      const during = moments.findLast((moment) => (moment.position ?? 0) <= position)?.doing;
      const message = `${name} (${during}): ${violation instanceof Error ? violation.message : violation}`;
      violations.push(message);
      // What was recorded differs from one time to the next: in a run of hours it is told at once.
      if (LONG_RUN) console.error(message);
      tally.add('violated');
    }
  }
  if (LONG_RUN) console.info(`${operation.name}, ${mode}: ${tally}`);
  return violations;
}

/** Where something was just believed: right after `btrfs receive` has returned, and around the switch. */
function telling(moments: readonly SeenMoment[], mode: CrashMode): number[] {
  const receiving = moments.filter(({ doing }) => doing.startsWith('spawned btrfs receive')).map(({ step }) => step);
  const after = moments.filter(
    ({ step, operation }, index) =>
      (operation === 0 && receiving.includes(step - 1)) || /\bcurrent$/.test(moments[index - 1]?.doing ?? ''),
  );
  const positions = [...new Set(after.flatMap(({ position }) => (position === undefined ? [] : [position])))];
  // What is lost differs from one time to the next.
  return mode === 'drop' ? [...positions, ...positions] : positions;
}
