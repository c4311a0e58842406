import { type Blow, killMatrix, LONG_RUN, withSavedDisk } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import type { ReleasedShop } from '../released-shop.ts';
import { shopTest } from '../shop-test.ts';
import type { TargetHost } from '../target-host.ts';
import { hostBefore, KILLED, type Operation, PATIENCE, startedHost } from './operation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { demandRecovered, demandVerified } from './recovered.ts';
import { demandWhole, type KnownTrees, noteTrees } from './whole.ts';

/** A way to disturb a command, and where. */
interface Matrix {
  readonly what: string;
  /** Moments within each step, beside its beginning. */
  readonly within: number;
  readonly blows: readonly [Blow, ...Blow[]];
  readonly operations: readonly Operation[];
}

const MATRICES: readonly Matrix[] = [
  { what: 'killed', within: LONG_RUN ? 2 : 1, blows: ['kill', 'kill-all'], operations: KILLED },
  {
    what: 'interrupted',
    within: LONG_RUN ? 1 : 0,
    blows: ['kill-children', 'SIGTERM', 'hang-up', 'SIGINT'],
    // An upgrade from the store does everything that there is to interrupt.
    operations: LONG_RUN ? KILLED : KILLED.filter(({ command: [name] }) => name === 'upgrade'),
  },
];

for (const { what, within, blows, operations } of MATRICES) {
  describe(`a command that is ${what} at any step leaves a whole version running, and ends well when run again`, () => {
    for (const operation of operations) {
      shopTest(operation.name, { timeout: PATIENCE }, async ({ shop }) => {
        const { struck, violations } = await matrixOf(operation, shop, { within, blows });
        expect(violations).toEqual([]);
        expect(struck).toBeGreaterThan(4);
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
        await demandVerified(host);
        outcome = await outcomeOf(host);
      },
      afterwards: async (host) => {
        await demandWhole(host, operation, trees);
        await demandRecovered(host, operation, { trees, outcome });
      },
    }),
  );
}
