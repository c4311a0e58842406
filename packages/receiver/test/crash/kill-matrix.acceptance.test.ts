import { type Blow, killMatrix, LONG_RUN, withSavedDisk } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import type { ReleasedShop } from '../released-shop.ts';
import { shopTest } from '../shop-test.ts';
import type { TargetHost } from '../target-host.ts';
import { hostBefore, OPERATIONS, type Operation, RECOVERY, startedHost } from './operation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { demandRecovered } from './recovered.ts';
import { demandWhole, type KnownTrees, noteTrees } from './whole.ts';

/** Killed at the beginning of every step, within it and at the end; and asked to stop, or left alone, likewise. */
const MATRICES: readonly (readonly [what: string, within: number, blows: readonly [Blow, ...Blow[]]])[] = [
  ['killed', LONG_RUN ? 20 : 2, ['kill', 'kill-all']],
  ['interrupted', LONG_RUN ? 20 : 1, ['kill-children', 'SIGTERM', 'hang-up', 'SIGINT']],
];

for (const [what, within, blows] of MATRICES) {
  describe(`a command that is ${what} leaves a whole version running, and ends well when run again`, () => {
    for (const operation of OPERATIONS) {
      shopTest(operation.name, { timeout: LONG_RUN ? 3_600_000 : 600_000 }, async ({ shop }) => {
        const { struck, violations } = await matrixOf(operation, shop, { within, blows });
        expect(violations).toEqual([]);
        expect(struck).toBeGreaterThan(within);
      });
    }
  });
}

async function matrixOf(
  operation: Operation,
  shop: ReleasedShop,
  strikes: { readonly within: number; readonly blows: readonly [Blow, ...Blow[]] },
) {
  const trees: KnownTrees = new Map();
  let outcome: Outcome = {};
  const prepare = async (mountPoint: string) => noteTrees(await hostBefore(mountPoint, shop, operation), trees);
  return withSavedDisk({}, prepare, (disk) =>
    killMatrix<TargetHost>({
      ...strikes,
      seed: 1,
      withHost: (use) => disk.onCopy(async (mountPoint) => use(await startedHost(mountPoint, shop))),
      command: (host) => host.command(...operation.command),
      undisturbed: async (host, { ended }) => {
        expect(ended).toMatchObject({ exitCode: 0 });
        await noteTrees(host, trees);
        outcome = await outcomeOf(host);
      },
      afterwards: async (host) => {
        await demandWhole(host, operation, trees);
        if (RECOVERY !== undefined) await demandRecovered(host, operation, { trees, outcome });
      },
    }),
  );
}
