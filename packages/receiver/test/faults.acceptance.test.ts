import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { roomOf, systemRunner } from '@goldstream/system';
import {
  actAtByte,
  btrfsTest,
  FOR_FAILING_DISK,
  leaveFree,
  pathWithout,
  requireOrSkip,
  unmountAllUsing,
  withBtrfs,
  withFailingDisk,
} from '@goldstream/testing';
import { describe, expect, vi } from 'vitest';
import { verifyHost } from '../src/verify/verify-host.ts';
import { receiveInProcess, toolsOf } from './in-process.ts';
import { releasedOnce } from './released-once.ts';
import { openShop, type ReleasedShop, writeShopRecipe } from './released-shop.ts';
import { type TargetHost, targetHost } from './target-host.ts';

const MIB = 1024 * 1024;

/** `test` with a shop whose v1.1.0 brings 32 MiB that no compression makes smaller. */
const faultTest = btrfsTest
  .extend<{ $file: { shopOnce: () => Promise<ReleasedShop> } }>({ shopOnce: releasedOnce(makeShop) })
  .extend<{ shop: ReleasedShop }>({ shop: async ({ btrfs: _, shopOnce }, use) => use(await shopOnce()) });

describe('a disk that somebody else fills meanwhile', () => {
  faultTest(
    'at any MiB of a stream of 32 MiB: the old version stays, and the space is back',
    async ({ shop, temporaryDirectory }) => {
      await withBtrfs({ size: 256 * MIB }, async (pool) => {
        const host = await preparedHost(pool, shop);
        await host.do('receive', 'v1.0.0');
        const takeable = await takeableIn(host);
        const full = await sizeOfEverythingFree(pool);
        const PATH = await pathWithout(temporaryDirectory);
        const ballast = join(pool, 'meanwhile');
        const tools = await toolsOf(host);
        for (let left = 0; left < 32; left += 1) {
          const command = ['fallocate', '--length', String(full - left * MIB), ballast];
          await actAtByte(PATH, { program: 'zstd', bytes: 1, command });
          vi.stubEnv('PATH', PATH);
          try {
            await expect(receiveInProcess(tools, 'v1.1.0'), `${left} MiB left`).rejects.toMatchObject({
              code: 'SPACE_EXHAUSTED',
              exitCode: 8,
              message: expect.stringContaining('data ran out'),
            });
          } finally {
            vi.unstubAllEnvs();
          }
          await rm(ballast);
          await systemRunner.run(['sync', '--file-system', pool]);
          expect(await namesIn(host), `${left} MiB left`).toEqual(['v1.0.0']);
          expect(await takeableIn(host), `${left} MiB left`).toBeGreaterThan(takeable - 4 * MIB);
          expect(await verifyHost(tools, { version: undefined, deep: false })).toMatchObject({ ok: true });
        }
        await receiveInProcess(tools, 'v1.1.0');
        expect(await verifyHost(tools, { version: undefined, deep: true })).toMatchObject({ ok: true });
      });
    },
    300_000,
  );

  faultTest(
    'so that not even a record can be written: the command says so, and goes through later',
    async ({ shop }) => {
      await withBtrfs({ size: 256 * MIB }, async (pool) => {
        const host = await preparedHost(pool, shop);
        await host.do('deploy', 'v1.0.0');
        await systemRunner.run(['btrfs', 'quota', 'enable', pool]);
        await systemRunner.run(['btrfs', 'quota', 'rescan', '-w', pool]);
        // Records lie in the pool's own subvolume; whatever it holds already is more than this.
        await systemRunner.run(['btrfs', 'qgroup', 'limit', '64K', pool]);
        const { exitCode, stderr } = await host.run(['upgrade', 'v1.1.0']);
        expect({ exitCode, stderr }).toMatchObject({
          exitCode: 8,
          stderr: expect.stringMatching(/quota group 0\/\d+/),
        });
        expect((await host.status()).active).toMatchObject({ version: 'v1.0.0', number: 1 });
        // The limit itself cannot be lifted: that would be written into the full group.
        await systemRunner.run(['btrfs', 'quota', 'disable', pool]);
        await host.do('upgrade', 'v1.1.0');
      });
    },
  );
});

describe('a host below a sparse pool image', () => {
  faultTest(
    'that has less than the image promises is found out before the download',
    async ({ shop, temporaryDirectory }) => {
      await onTmpfs(temporaryDirectory, 160, async (below) => {
        const host = await preparedHost(below, shop, '--size', '1GiB');
        await using _ballast = await leaveFree(below, 40 * MIB);
        const { exitCode, stderr } = await host.run(['receive', 'v1.1.0']);
        expect({ exitCode, stderr }).toMatchObject({
          exitCode: 8,
          stderr: expect.stringMatching(/RECEIVE_NO_SPACE: .*the host below .*promises.*outside the pool/s),
        });
        expect((await host.run(['check'])).stdout).toMatch(/warn +space .*but the host has only/);
      });
    },
  );

  faultTest(
    'that fills meanwhile is named, and the same command goes through once it has space',
    async ({ shop, temporaryDirectory }) => {
      await onTmpfs(temporaryDirectory, 320, async (below) => {
        const host = await preparedHost(below, shop, '--size', '1GiB');
        await host.do('receive', 'v1.0.0');
        const PATH = await pathWithout(temporaryDirectory);
        const ballast = join(below, 'meanwhile');
        const fill = ['dd', 'if=/dev/zero', `of=${ballast}`, 'bs=1M'];
        await actAtByte(PATH, { program: 'zstd', bytes: MIB, command: fill });
        const { exitCode, stderr } = await host.run(['receive', 'v1.1.0'], { env: { PATH } });
        expect({ exitCode, stderr }).toMatchObject({
          exitCode: 8,
          stderr: expect.stringMatching(/filesystem below .*is full/),
        });
        await rm(ballast);
        // Btrfs made itself read-only, as after a disk that failed.
        const { pool, image } = host.layout;
        await systemRunner.run(['umount', pool]);
        await systemRunner.run(['mount', '-t', 'btrfs', '-o', 'loop,noatime', image, pool]);
        await host.do('receive', 'v1.1.0');
        expect(await host.run(['verify', '--deep'])).toMatchObject({ exitCode: 0 });
      });
    },
  );
});

describe('a disk that fails', () => {
  faultTest(
    'while it is written to: the old version is whole, and the same command goes through later',
    async ({ shop, skip }) => {
      await requireOrSkip(skip, FOR_FAILING_DISK);
      await withFailingDisk({}, async ({ mountPoint, fail, heal, remount }) => {
        const host = await preparedHost(mountPoint, shop);
        await host.do('receive', 'v1.0.0');
        let seen = 0;
        let failing: Promise<void> | undefined;
        const tools = await toolsOf(host, (bytes) => {
          seen += bytes;
          if (seen > 8 * MIB) failing ??= fail('write');
        });
        await expect(receiveInProcess(tools, 'v1.1.0')).rejects.toMatchObject({ exitCode: 8 });
        await failing;
        await heal();
        await remount();
        expect(await host.run(['verify', '--deep'])).toMatchObject({ exitCode: 0 });
        await host.do('receive', 'v1.1.0');
        expect(await host.run(['verify', '--deep'])).toMatchObject({ exitCode: 0 });
        expect(await namesIn(host)).toEqual(['v1.0.0', 'v1.1.0']);
      });
    },
  );

  faultTest('while it is read is no version that changed: what cannot be read is said', async ({ shop, skip }) => {
    await requireOrSkip(skip, FOR_FAILING_DISK);
    await withFailingDisk({}, async ({ mountPoint, fail, heal, remount }) => {
      const host = await preparedHost(mountPoint, shop);
      await host.do('receive', 'v1.1.0');
      await remount();
      // What Btrfs knows of the version is in memory then; what the version holds is not.
      expect(await host.run(['verify'])).toMatchObject({ exitCode: 0 });
      await fail('read');
      const { exitCode, stdout } = await host.run(['verify', '--deep', '--json']);
      expect({ exitCode, stdout }).toMatchObject({ exitCode: 5, stdout: expect.stringMatching(/cannot be read: EIO/) });
      await heal();
      await remount();
      expect(await host.run(['verify', '--deep'])).toMatchObject({ exitCode: 0 });
    });
  });
});

async function makeShop(directory: string): Promise<ReleasedShop> {
  const recipe = await writeShopRecipe(join(directory, 'source'));
  const shop = await openShop({ application: 'shop', recipe, directory });
  await shop.release('v1.0.0');
  await shop.write('core/more', randomBytes(32 * MIB));
  await shop.release('v1.1.0');
  return shop;
}

async function preparedHost(directory: string, shop: ReleasedShop, ...more: readonly string[]): Promise<TargetHost> {
  const host = await targetHost(join(directory, 'host'), shop.application);
  await host.do('prepare', '--key', shop.key, '--store', `dir:${shop.store}`, ...more);
  return host;
}

async function onTmpfs(directory: string, mebibytes: number, use: (below: string) => Promise<void>): Promise<void> {
  const below = join(directory, 'below');
  await mkdir(below);
  await systemRunner.run(['mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', below]);
  try {
    await use(below);
  } finally {
    await unmountAllUsing(join(below, 'host'));
    // The kernel detaches the loop device a moment after its last mount is gone.
    await vi.waitFor(() => systemRunner.run(['umount', below]), { timeout: 60_000 });
  }
}

async function sizeOfEverythingFree(pool: string): Promise<number> {
  await using ballast = await leaveFree(pool, 0);
  return (await stat(ballast.file)).size;
}

async function takeableIn({ layout }: TargetHost): Promise<number> {
  const { data, unallocated } = await roomOf(systemRunner, layout.pool);
  return data.free + unallocated;
}

async function namesIn({ layout }: TargetHost): Promise<readonly string[]> {
  await expect(access(layout.intent)).rejects.toMatchObject({ code: 'ENOENT' });
  return (await readdir(layout.deploy)).toSorted();
}
