import { access, appendFile, mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { mountsUsing, snapshotOfTree, unmountAllUsing, withTemporaryDirectory } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { hostHere } from './crash/receiver-here.ts';
import type { ReleasedShop } from './released-shop.ts';
import { shopTest } from './shop-test.ts';
import { expectHostUnchanged, type TargetHost } from './target-host.ts';

/** Releases are made once, within the first test that asks for them, on a machine that may be busy with others. */
const PATIENCE_MS = 1_200_000;

describe('remove --all, the opposite of prepare', { timeout: PATIENCE_MS }, () => {
  shopTest('gives the host back as it was, but for the image', async ({ shop }) => {
    await withLoopbackHost(shop, async (host, before) => {
      await host.do('deploy', 'v1.0.0');
      await host.do('upgrade', 'v1.1.0');

      const rehearsal = await host.do('remove', '--all', '--dry-run');
      expect(rehearsal).toContain(`remove ${host.layout.config}`);
      expect(rehearsal).toContain(`${host.layout.image} is kept, with every version and deployment in it`);
      expect(await host.do('remove', '--all')).toBe(
        `kept: ${host.layout.image} is kept, with every version and deployment in it\n`,
      );

      expect(await listingOf(host)).toEqual(before);
      expect(await mountsUsing(host.root)).toEqual([]);
      expect(await host.run(['remove', '--all'])).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('nothing to do'),
      });

      await prepare(host, shop);
      expect(await host.do('deploy', 'v1.1.0')).toContain('v1.1.0 is active as deployment 0003');
      expect(await host.run(['remove', '--all', '--delete-data'])).toMatchObject({ exitCode: 2 });
      await host.do('remove', '--all', '--delete-data', '--yes');
      expect(await snapshotOfTree(host.root)).toEqual(before);
    });
  });

  shopTest('keeps and names what an operator changed, and puts back what was taken over', async ({ shop }) => {
    await withLoopbackHost(shop, async (host) => {
      await mkdir(host.at('etc/shop'));
      await writeFile(host.at('etc/shop/shop.conf'), 'theirs');
      expect(await host.run(['deploy', 'v1.0.0'])).toMatchObject({
        exitCode: 8,
        stderr: expect.stringContaining('--adopt'),
      });
      await host.do('deploy', 'v1.0.0', '--adopt');
      await appendFile(host.at('etc/shop/till.conf'), '# mine\n');
      await appendFile(host.layout.config, '# mine\n');

      const kept = await host.do('remove', '--all');
      expect(kept).toContain('/etc/shop/till.conf was changed on this host and is not removed');
      expect(kept).toContain(`${host.layout.config} was changed on this host and is not removed`);
      expect(await host.read('etc/shop/shop.conf')).toBe('theirs');
      expect(await host.read('etc/shop/till.conf')).toContain('# mine');
    });
  });

  shopTest('is asked for in full, and changes nothing where a deployment is in use', async ({ host }) => {
    expect(await host.run(['remove'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--all') });
    await host.do('deploy', 'v1.0.0');
    const other = join(host.layout.pool, 'other');
    await mkdir(other);
    await systemRunner.capture(['mount', '-t', 'tmpfs', 'tmpfs', other]);
    const refused = await expectHostUnchanged(host, () => host.run(['remove', '--all']));
    expect(refused).toMatchObject({
      exitCode: 8,
      stderr: expect.stringContaining(`REMOVE_IN_USE: something else is mounted in ${host.layout.pool}: ${other}`),
    });

    await systemRunner.capture(['umount', other]);
    await rmdir(other);
    await host.do('remove', '--all', '--delete-data', '--yes');
    await expect(access(host.layout.pool)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

/** A host whose pool is a loopback image, prepared; and what was on it before that. */
async function withLoopbackHost(
  shop: ReleasedShop,
  use: (host: TargetHost, before: Record<string, string>) => Promise<void>,
): Promise<void> {
  await withTemporaryDirectory(async (directory) => {
    const host = await hostHere(join(directory, 'host'), shop.application);
    for (const path of ['etc/hostname', 'etc/systemd/system/theirs.service', 'var/lib/theirs', 'usr/bin/theirs']) {
      await mkdir(dirname(host.at(path)), { recursive: true });
      await writeFile(host.at(path), path);
    }
    const before = await snapshotOfTree(host.root);
    try {
      await prepare(host, shop);
      await use(host, before);
    } finally {
      await unmountAllUsing(host.root);
      await rm(host.layout.image, { force: true });
    }
  });
}

async function prepare(host: TargetHost, { key, store }: ReleasedShop): Promise<void> {
  await host.do('prepare', '--size', '256MiB', '--key', key, '--store', `dir:${store}`);
}

async function listingOf({ root, layout }: TargetHost): Promise<Record<string, string>> {
  const listing = await snapshotOfTree(root);
  delete listing[layout.image.slice(root.length + 1)];
  return listing;
}
