import { directoryTest, FOR_BTRFS, killMatrix, LONG_RUN, requireOrSkip, withSavedDisk } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { type Workshop, workshopIn } from '../workshop.ts';
import { makeBusyWorkshop, OPERATIONS, type Operation } from './operation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { demandWhole } from './whole.ts';

/** What all operations may take on a busy machine: it ends what hangs. Milliseconds. */
const PATIENCE = 3_600_000;

describe('a builder that is killed at any step', () => {
  directoryTest(
    'has published nothing unfinished, and the same command ends well when run again',
    { timeout: PATIENCE },
    async ({ skip }) => {
      await requireOrSkip(skip, FOR_BTRFS);
      await withSavedDisk({}, makeBusyWorkshop, async (disk) => {
        const withHost = <T>(use: (shop: Workshop) => Promise<T>) => disk.onCopy((at) => use(workshopIn(at)));
        for (const operation of OPERATIONS) {
          const { struck, violations } = await matrixOf(operation, withHost);
          expect(violations, operation.name).toEqual([]);
          expect(struck, operation.name).toBeGreaterThan(4);
        }
      });
    },
  );
});

async function matrixOf(
  { command, within }: Operation,
  withHost: <T>(use: (shop: Workshop) => Promise<T>) => Promise<T>,
) {
  let outcome: Outcome = {};
  return killMatrix<Workshop>({
    withHost,
    command: (shop) => shop.command(...command),
    within: LONG_RUN ? 5 * within : within,
    blows: ['kill', 'kill-all'],
    seed: 1,
    // An agent serves whoever comes next to its home.
    mayOutlive: /^gpg-agent /,
    undisturbed: async (shop, { ended }) => {
      expect(ended).toMatchObject({ exitCode: 0 });
      outcome = await outcomeOf(shop);
    },
    afterwards: async (shop) => {
      await demandWhole(shop, outcome);
      await shop.do(...command);
      expect(await outcomeOf(shop)).toEqual(outcome);
    },
  });
}
