import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { killMatrix, LONG_RUN, mountsUsing, snapshotOfTree, withSavedDisk } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { shopTest } from '../shop-test.ts';
import type { TargetHost } from '../target-host.ts';
import { demandEnded, PATIENCE, startedHost } from './operation.ts';
import { hostHere } from './receiver-here.ts';
import { demandSame } from './whole.ts';

const REMOVE = ['remove', '--all'];

describe('remove --all', () => {
  shopTest(
    'that is killed at any step goes on when it is run again, and the host is as it was before prepare',
    { timeout: PATIENCE },
    async ({ shop }) => {
      let before: Readonly<Record<string, string>> = {};
      const prepare = async (mountPoint: string) => {
        const host = await hostHere(join(mountPoint, 'host'), shop.application);
        for (const path of ['etc/systemd/system', 'etc/shop', 'var/lib'])
          await mkdir(host.at(path), { recursive: true });
        await writeFile(host.at('etc/shop/shop.conf'), 'theirs');
        before = await outsideOf(host);
        await host.do('prepare', '--key', shop.key, '--store', `dir:${shop.store}`);
        await host.do('deploy', 'v1.0.0', '--adopt');
      };
      const demandGivenBack = async (host: TargetHost) => {
        demandSame('the host', await outsideOf(host), before);
        const mounts = await mountsUsing(host.layout.live);
        if (mounts.length > 0) throw new Error(`still mounted: ${mounts.join(', ')}`);
      };
      const { struck, violations } = await withSavedDisk({}, prepare, (disk) =>
        killMatrix<TargetHost>({
          within: LONG_RUN ? 5 : 0,
          blows: ['kill'],
          seed: 1,
          withHost: (use) => disk.onCopy(async (mountPoint) => use(await startedHost(mountPoint, shop))),
          command: (host) => host.command(...REMOVE),
          undisturbed: async (host, { ended }) => {
            expect(ended).toMatchObject({ exitCode: 0 });
            await demandGivenBack(host);
          },
          afterwards: async (host) => {
            await demandEnded(host, ...REMOVE);
            await demandGivenBack(host);
            await demandEnded(host, 'audit', 'verify');
          },
        }),
      );
      expect(violations).toEqual([]);
      expect(struck).toBeGreaterThan(15);
    },
  );
});

/** Everything but the pool, which lies on somebody's Btrfs and is kept. */
async function outsideOf({ root }: TargetHost): Promise<Readonly<Record<string, string>>> {
  const listing = await snapshotOfTree(root);
  return Object.fromEntries(Object.entries(listing).filter(([path]) => !path.startsWith('var/lib/')));
}
