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
import type { Verification } from '../../src/verify/check.ts';
import type { ReleasedShop } from '../released-shop.ts';
import { shopTest } from '../shop-test.ts';
import type { TargetHost } from '../target-host.ts';
import { hostBefore, OPERATIONS, type Operation, RECOVERY, startedHost } from './operation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { demandRecovered } from './recovered.ts';
import { demandWhole, type KnownTrees, noteTrees } from './whole.ts';

/** Power cuts for each operation and mode, beside those right after a `btrfs receive` and at every step. */
const CUTS = LONG_RUN ? 200 : 20;
const MODES: readonly CrashMode[] = ['prefix', 'drop'];

describe('a power cut leaves a whole version that starts, and the command ends well when run again', () => {
  for (const operation of OPERATIONS) {
    const cutTest = operation.needsRecovery && RECOVERY === undefined ? shopTest.skip : shopTest;
    cutTest(operation.name, { timeout: LONG_RUN ? 7_200_000 : 600_000 }, async ({ shop, skip }) => {
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
  const also = telling(moments, mode);
  for await (const { name, position } of crashPoints(recording, { mode, count: CUTS, from, to, also, seed: 1 })) {
    try {
      const host = await startedHost(recording.mountPoint, shop);
      await demandWhole(host, operation, trees);
      await demandVerified(host);
      if (RECOVERY !== undefined) await demandRecovered(host, operation, { trees, outcome });
    } catch (violation) {
      const during = moments.findLast((moment) => (moment.position ?? 0) <= position)?.doing;
      violations.push(`${name} (${during}): ${violation instanceof Error ? violation.message : violation}`);
    }
  }
  return violations;
}

/** Every byte of the active version is what was signed. What is connected to the system is for the recovery to finish. */
async function demandVerified(host: TargetHost): Promise<void> {
  const { active } = await host.status();
  if (active === null) return;
  const { stdout } = await host.run(['verify', active.version, '--deep', '--json']);
  // `verify` prints exactly this document.
  const { checks } = JSON.parse(stdout) as Verification;
  const contents = checks.filter(({ subject }) => subject === active.version);
  const wrong = contents.filter(({ acceptable }) => !acceptable).map(({ aspect, says }) => `${aspect}: ${says}`);
  if (wrong.length > 0 || contents.length < 3) throw new Error(`${active.version} is not whole: ${wrong.join('; ')}`);
}

/** Where something was just believed: after a program ended that received, and at the switch. */
function telling(moments: readonly SeenMoment[], mode: CrashMode): number[] {
  const after = moments.filter((_, index) => /btrfs receive|current/.test(moments[index - 1]?.doing ?? ''));
  const positions = [...new Set(after.flatMap(({ position }) => (position === undefined ? [] : [position])))];
  // What is lost differs from one time to the next.
  return mode === 'drop' ? [...positions, ...positions] : positions;
}
