import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { btrfsTest, LONG_RUN } from '@goldstream/testing';
import { describe } from 'vitest';
import { ChangeCollector, type Changes } from '../src/index.ts';
import { expectSameChanges } from './expect-same-changes.ts';
import { changeAtRandom, dice } from './random-operations.ts';
import { seeTree } from './seen-tree.ts';

const SEEDS = LONG_RUN ? Array.from({ length: 40 }, (_, seed) => seed + 1) : [1, 2, 3, 4];
const OPERATIONS = 300;

/** With contents, without them, and in protocol 2. */
const WAYS = [[], ['--no-data'], ['--proto', '2']] as const;

describe('the changes of an incremental stream', () => {
  btrfsTest.for(SEEDS)(
    'are those that comparing the two trees shows, seed %i',
    { timeout: 240_000 },
    async (seed, { btrfs }) => {
      const roll = dice(seed);
      const golden = join(btrfs, 'golden');
      await systemRunner.capture(['btrfs', 'subvolume', 'create', golden]);
      await changeAtRandom(golden, OPERATIONS / 2, roll);
      let parent = await freeze(golden, join(btrfs, 'v0'));
      for (const count of [5, 20, OPERATIONS]) {
        const touched = await changeAtRandom(golden, count, roll);
        const child = await freeze(golden, join(btrfs, `v${count}`));
        const [before, after] = [await seeTree(parent), await seeTree(child)];
        for (const options of WAYS) {
          expectSameChanges(await changesBetween(parent, child, options), { before, after, touched });
        }
        parent = child;
      }
    },
  );
});

async function freeze(golden: string, snapshot: string): Promise<string> {
  await systemRunner.capture(['btrfs', 'subvolume', 'snapshot', '-r', golden, snapshot]);
  return snapshot;
}

async function changesBetween(parent: string, child: string, options: readonly string[]): Promise<Changes> {
  const file = `${child}.stream`;
  await systemRunner.capture(['btrfs', 'send', '--quiet', ...options, '-p', parent, '-f', file, child]);
  const collector = new ChangeCollector();
  for await (const chunk of createReadStream(file, { highWaterMark: 10_000 })) collector.push(chunk as Uint8Array);
  return collector.end();
}
