import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { detachDevicesOf, killMatrix, LONG_RUN, unmountAllUsing, withTemporaryDirectory } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import type { ReleasedShop } from '../released-shop.ts';
import { shopTest } from '../shop-test.ts';
import type { TargetHost } from '../target-host.ts';
import { PATIENCE } from './operation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { hostHere } from './receiver-here.ts';
import { demandVerified } from './recovered.ts';
import { demandSame } from './whole.ts';

describe('prepare, on a host without Btrfs,', () => {
  shopTest(
    'that is killed at any step says so until it was run again, and then ends well',
    { timeout: PATIENCE },
    async ({ shop }) => {
      const prepare = ['prepare', '--size', '128MiB', '--key', shop.key, '--store', `dir:${shop.store}`];
      let outcome: Outcome = {};
      const { struck, violations } = await killMatrix<TargetHost>({
        withHost: (use) => withBareHost(shop, use),
        command: (host) => host.command(...prepare),
        within: LONG_RUN ? 5 : 1,
        blows: ['kill', 'kill-all'],
        seed: 1,
        undisturbed: async (host, { ended }) => {
          expect(ended).toMatchObject({ exitCode: 0 });
          await demandVerified(host);
          outcome = await outcomeOfPrepare(host);
        },
        afterwards: async (host) => {
          await demandHonest(host);
          // As people start it, because that is what units name.
          await systemRunner.run(host.command(...prepare));
          demandSame('the host', await outcomeOfPrepare(host), outcome);
          await demandVerified(host);
        },
      });
      expect(violations).toEqual([]);
      expect(struck).toBeGreaterThan(20);
    },
  );
});

/** A host on a file system on which a pool needs an image. Afterwards nothing of it is left. */
async function withBareHost<T>({ application }: ReleasedShop, use: (host: TargetHost) => Promise<T>): Promise<T> {
  return withTemporaryDirectory(async (directory) => {
    const [disk, root] = [join(directory, 'disk'), join(directory, 'disk/host')];
    await mkdir(disk);
    await systemRunner.run(['mount', '-t', 'tmpfs', '-o', 'size=256m', 'tmpfs', disk]);
    const host = await hostHere(root, application);
    try {
      return await use(host);
    } finally {
      await unmountAllUsing(root);
      await detachDevicesOf(host.layout.image);
    }
  });
}

/** It answers, or says that it was not prepared. */
async function demandHonest(host: TargetHost): Promise<void> {
  const { exitCode, stderr } = await host.run(['status']);
  if (exitCode === 0 || stderr.includes('HOST_NOT_PREPARED')) return;
  throw new Error(`status ended with ${exitCode}: ${stderr}`);
}

/** Each pool is made anew: what its image holds differs. */
async function outcomeOfPrepare(host: TargetHost): Promise<Outcome> {
  const { root, layout } = host;
  const image = layout.image.slice(root.length + 1);
  const devices = await systemRunner.capture(['losetup', '--associated', layout.image]);
  const attached = devices.split('\n').filter((line) => line !== '').length;
  return { ...(await outcomeOf(host)), [image]: `an image, attached to ${attached} device` };
}
