import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { snapshotOfTree, withBtrfs } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { shopTest } from '../shop-test.ts';
import type { TargetHost } from '../target-host.ts';
import { demandEnded, hostBefore, type Operation } from './operation.ts';
import { demandVerified } from './recovered.ts';
import { demandWhole, type KnownTrees, noteTrees } from './whole.ts';

const MIB = 1024 * 1024;

const UPGRADE: Operation = {
  name: 'upgrade to what is here already',
  before: [
    ['deploy', 'v1.0.0'],
    ['receive', 'v1.1.0'],
  ],
  command: ['upgrade', 'v1.1.0'],
  active: ['v1.0.0', 'v1.1.0'],
};

describe('a disk that is full where an upgrade has to write', () => {
  shopTest(
    'because of what was written into the active version: that is said, and the old one runs',
    async ({ shop }) => {
      await withBtrfs({ size: 256 * MIB }, async (pool) => {
        const host = await hostBefore(pool, shop, UPGRADE);
        const trees = await treesOf(host);
        const written = join(host.layout.current, 'root/written');
        await mkdir(written);
        await fillWithBlocks(join(written, 'big'));
        // Small files lie in metadata.
        await systemRunner.run(
          ['split', '--bytes=1500', '--suffix-length=6', '/dev/zero', join(written, 'small-')],
          TAKEN,
        );

        const { exitCode, stderr } = await host.run(UPGRADE.command);
        expect({ exitCode, stderr }).toMatchObject({
          exitCode: 8,
          stderr: expect.stringMatching(
            /SPACE_EXHAUSTED: .*ran out.*hint: .*into the active deployment takes \d.*overlay\/0001\/upper/s,
          ),
        });
        await rm(written, { recursive: true });
        await demandWhole(host, { ...UPGRADE, active: ['v1.0.0'] }, trees);

        await demandEnded(host, ...UPGRADE.command);
        await demandWhole(host, { ...UPGRADE, active: ['v1.1.0'] }, trees);
        await demandVerified(host);
      });
    },
  );

  shopTest(
    'because the trail and the records have no room: nothing is done that is not recorded',
    async ({ btrfs, shop }) => {
      const host = await hostBefore(btrfs, shop, UPGRADE);
      const trees = await treesOf(host);
      const { state } = host.layout;
      await moveToItsOwnDisk(state);
      const ballast = join(state, 'ballast');
      const before = await besides(host, state);

      // One block more lets the trail be written and not the record behind it, and so on.
      for (const blocks of [0, 1, 2]) {
        await fillWithBlocks(ballast);
        await systemRunner.run(['truncate', `--size=-${blocks * BLOCK}`, ballast]);
        const { exitCode, stderr } = await host.run(UPGRADE.command);
        if (exitCode !== 0) expect(stderr).toMatch(/the filesystem of \S+state is full .*outside the pool/s);
        if (blocks === 0) {
          expect({ exitCode, stderr }).toMatchObject({
            exitCode: 8,
            stderr: expect.stringContaining('AUDIT_NOT_WRITTEN'),
          });
          expect(await besides(host, state)).toEqual(before);
        }
        await demandWhole(host, UPGRADE, trees);
        await demandEnded(host, 'audit', 'verify');
        await rm(ballast);
      }

      await demandEnded(host, ...UPGRADE.command);
      await demandWhole(host, { ...UPGRADE, active: ['v1.1.0'] }, trees);
      await demandVerified(host);
    },
  );
});

const BLOCK = 4096;
/** Whoever fills a disk fails in the end. */
const TAKEN = { accept: [1] };

async function fillWithBlocks(file: string): Promise<void> {
  await systemRunner.run(['dd', 'if=/dev/zero', `of=${file}`, `bs=${BLOCK}`], TAKEN);
}

async function treesOf(host: TargetHost): Promise<KnownTrees> {
  const trees: KnownTrees = new Map();
  await noteTrees(host, trees);
  return trees;
}

/** A small one, mounted in its place with all that it holds. */
async function moveToItsOwnDisk(directory: string): Promise<void> {
  const aside = `${directory}.aside`;
  await cp(directory, aside, { recursive: true });
  await systemRunner.run(['mount', '-t', 'tmpfs', '-o', 'size=1m,mode=0700', 'tmpfs', directory]);
  await cp(aside, directory, { recursive: true });
  await rm(aside, { recursive: true });
}

/** Everything on a host but for what is in one directory. */
async function besides({ root }: TargetHost, directory: string) {
  const inside = directory.slice(root.length + 1);
  const listing = Object.entries(await snapshotOfTree(root));
  return Object.fromEntries(listing.filter(([path]) => !`${path}/`.startsWith(`${inside}/`)));
}
