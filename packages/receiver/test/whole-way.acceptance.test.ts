import { lstat, readdir, readlink, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodedBytes } from '@goldstream/release';
import { unmountAllUsing } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { manifestFrom } from './copied-store.ts';
import { shopTest } from './shop-test.ts';
import { expectHostUnchanged, receivedRecord, type TargetHost, targetHost } from './target-host.ts';

const POOL = '/var/lib/shop';

describe('the whole way from a recipe to a running deployment', () => {
  shopTest('connects a first version to the system', async ({ host }) => {
    expect(await host.do('deploy', 'v1.0.0')).toMatch(/^v1\.0\.0 is active as deployment 0001, mounted at /);

    expect(await readlink(host.layout.current)).toBe('live/0001');
    expect(await readlink(host.at('usr/local/bin/shop'))).toBe(`${POOL}/current/links/usr/local/bin/shop`);
    expect(await readlink(host.at('usr/share/shop'))).toBe(`${POOL}/current/links/usr/share/shop`);
    const { links, root } = host.layout.deployment(1);
    expect(await readlink(join(links, 'usr/local/bin/shop'))).toBe('../../../../root/core/bin/shop');
    expect(await readlink(join(links, 'usr/share/shop'))).toBe('../../../root/core/share');
    expect(await runThroughFarm(host, 'usr/local/bin/shop')).toContain('echo 1.0.0');
    expect(await host.read('etc/shop/shop.conf')).toBe('colour = blue\n');
    expect((await lstat(host.at('etc/shop/shop.conf'))).mode & 0o7777).toBe(0o640);
    expect(await host.read('etc/shop/state.json')).toBe('{}\n');
    expect(await readdir(host.at('etc/systemd/system/multi-user.target.wants'))).toEqual([
      'goldstream-recover@shop.service',
      'shop.service',
    ]);
    await writeFile(join(root, 'core/written-by-operator'), 'kept');
    expect(await receivedRecord(host, 'v1.0.0')).toMatchObject({ how: 'full' });

    const again = await expectHostUnchanged(host, () => host.run(['deploy', 'v1.0.0']), { times: true });
    expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing to do') });
  });

  shopTest('upgrades by the incremental stream, and keeps what is the operator’s', async ({ host, shop }) => {
    await host.do('deploy', 'v1.0.0');
    await writeFile(host.at('etc/shop/state.json'), '{"operator": 1}\n');
    await writeFile(host.at('etc/shop/till.conf'), 'tills = 7\n');
    await editDeployment(host, 1, 'edit', 'first');

    const upgraded = await host.run(['upgrade', 'v1.0.0', 'v1.1.0']);
    expect(upgraded).toMatchObject({ exitCode: 0 });

    const manifest = await manifestFrom(shop.store, 'v1.1.0');
    const [full, incremental] = manifest.streams;
    expect(incremental).toMatchObject({ kind: 'incremental', parent: { version: 'v1.0.0' } });
    if (full === undefined || incremental === undefined) throw new RangeError('expected two streams');
    expect(encodedBytes(incremental)).toBeLessThan(encodedBytes(full) / 10);
    expect(await receivedRecord(host, 'v1.1.0')).toMatchObject({
      how: 'incremental from v1.0.0',
      contentDigest: manifest.snapshot.contentDigest,
    });
    expect(upgraded.stderr).toMatch(/receive v1\.1\.0.* incremental from v1\.0\.0/);

    expect(await runThroughFarm(host, 'usr/local/bin/shop')).toContain('echo 1.1.0');
    expect(await runThroughFarm(host, 'usr/local/bin/shop-admin')).toContain('echo admin');
    expect(await host.read('etc/shop/shop.conf')).toBe('colour = red\n');
    expect(await host.read('etc/shop/state.json')).toBe('{"operator": 1}\n');
    expect(await host.read('etc/shop/till.conf')).toBe('tills = 7\n');
    expect(upgraded.stderr).toMatch(/\/etc\/shop\/till\.conf was changed on this host and stays as it is/);
    await expect(lstat(host.at('etc/shop/motd'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await edited(host, 2, 'edit')).toBe('first');
    expect(await host.status()).toMatchObject({ active: { number: 2, version: 'v1.1.0' }, previous: { number: 1 } });
  });

  shopTest('rolls back code only or with its state, and does not take again what was left', async ({ host }) => {
    await host.do('deploy', 'v1.0.0');
    await editDeployment(host, 1, 'edit', 'on v1.0.0');
    await host.do('upgrade', 'v1.1.0');
    await editDeployment(host, 2, 'edit', 'on v1.1.0');

    expect(await host.do('rollback')).toContain('v1.0.0 is active as deployment 0003');
    expect(await edited(host, 3, 'edit')).toBe('on v1.1.0');
    expect(await runThroughFarm(host, 'usr/local/bin/shop')).toContain('echo 1.0.0');
    expect(await host.read('etc/shop/motd')).toBe('welcome\n');
    await expect(lstat(host.at('usr/local/bin/shop-admin'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await host.status()).blocked).toMatchObject([{ version: 'v1.1.0', reason: /rolled back to v1\.0\.0/ }]);

    await host.do('upgrade', 'v1.2.0');
    await editDeployment(host, 4, 'edit', 'on v1.2.0');
    expect(await host.do('rollback', '--with-state')).toContain('v1.0.0 is active as deployment 0003');
    expect(await edited(host, 3, 'edit')).toBe('on v1.1.0');
    expect(await readlink(host.layout.current)).toBe('live/0003');

    // v1.3.0 is the newest that nobody went back from; then only what is active is left.
    expect(await host.do('deploy')).toContain('v1.3.0 is active');
    await host.do('rollback');
    expect(await host.run(['deploy'])).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing to do') });
    expect((await host.status()).active).toMatchObject({ version: 'v1.0.0' });

    expect(await host.do('deploy', 'v1.1.0')).toContain('v1.1.0 is active');
    const { blocked, active } = await host.status();
    expect(active).toMatchObject({ version: 'v1.1.0', state: 'good', mounted: true });
    expect(blocked.map(({ version }) => version)).toEqual(['v1.2.0', 'v1.3.0']);
    expect(await edited(host, active?.number ?? 0, 'edit')).toBe('on v1.1.0');

    await host.do('prune', '--keep', '1');
    const { versions, attention } = await host.status();
    expect(versions.map(({ version }) => version)).toEqual(expect.arrayContaining(['v1.1.0', 'v1.0.0']));
    expect(attention).toEqual([]);
    expect(JSON.parse(await host.do('verify', '--deep', '--json'))).toMatchObject({ ok: true });
  });

  shopTest('prints with --dry-run the very plan that it then runs, and changes nothing', async ({ host }) => {
    await rehearsed(host, 'deploy', 'v1.0.0');
    await rehearsed(host, 'receive', 'v1.1.0');
    await rehearsed(host, 'mount', 'v1.1.0');
    await rehearsed(host, 'upgrade', 'v1.0.0', 'v1.1.0');
    await rehearsed(host, 'rollback', '--with-state');
    await rehearsed(host, 'fetch', 'v1.3.0');
    await rehearsed(host, 'prune');
  });

  shopTest('mounts a version beside the active one, and again after it was unmounted', async ({ host }) => {
    await host.do('deploy', 'v1.0.0');
    await editDeployment(host, 1, 'edit', 'first');

    await host.do('mount', 'v1.1.0');
    expect(await edited(host, 2, 'edit')).toBe('first');
    expect(await readlink(host.layout.current)).toBe('live/0001');
    expect((await host.status()).others).toMatchObject([{ version: 'v1.1.0', state: 'staged', mounted: true }]);
    await editDeployment(host, 2, 'edit', 'tried');
    expect(await edited(host, 1, 'edit')).toBe('first');

    await host.do('unmount', 'v1.1.0');
    expect(await readdir(host.layout.deployment(2).root)).toEqual([]);
    await host.do('mount', 'v1.1.0');
    expect(await edited(host, 2, 'edit')).toBe('tried');

    await host.do('unmount', '--active');
    expect((await host.status()).active).toMatchObject({ mounted: false });
    await host.do('mount');
    expect(await edited(host, 1, 'edit')).toBe('first');
  });

  shopTest('deploys what was fetched when the store is gone', async ({ host, shop, temporaryDirectory }) => {
    // Its full stream, because nothing is here yet; later that goes before an incremental one that is not.
    for (const version of ['v1.0.0', 'v1.1.0', 'v1.3.0']) await host.do('fetch', version);
    const away = join(temporaryDirectory, 'store');
    await rename(shop.store, away);
    try {
      expect(await host.do('deploy', 'v1.0.0')).toContain('v1.0.0 is active');
      expect(await host.do('upgrade', 'v1.1.0')).toContain('v1.1.0 is active');
      expect(await receivedRecord(host, 'v1.1.0')).toMatchObject({ how: 'full' });
      expect(await host.do('upgrade', 'v1.3.0')).toContain('v1.3.0 is active');
      expect(await host.run(['receive', 'v1.2.0'])).toMatchObject({
        exitCode: 7,
        stderr: expect.stringContaining('STORE_MISSING'),
      });
    } finally {
      await rename(away, shop.store);
    }
  });

  shopTest(
    'makes a loopback pool where there is no Btrfs, and mounts it again',
    async ({ shop, temporaryDirectory }) => {
      const host = await targetHost(join(temporaryDirectory, 'host'), shop.application);
      await host.do('prepare', '--size', '256MiB', '--key', shop.key, '--store', `dir:${shop.store}`);
      await host.do('deploy', 'v1.0.0');
      expect(await readdir(host.at('etc/systemd/system/local-fs.target.wants'))).toEqual(['var-lib-shop.mount']);
      expect(await host.read('etc/systemd/system/var-lib-shop.mount')).toMatch(/^What=\/var\/lib\/shop\.btrfs$/m);
      await editDeployment(host, 1, 'edit', 'kept');

      await unmountAllUsing(host.root);
      expect(await host.run(['status'])).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining('HOST_NOT_PREPARED'),
      });
      await host.do('prepare');
      await host.do('mount');
      expect(await edited(host, 1, 'edit')).toBe('kept');
    },
  );

  shopTest('finds nothing to prepare, and nothing amiss, on a prepared host', async ({ host }) => {
    const { exitCode, stdout } = await expectHostUnchanged(host, () => host.run(['prepare', '--json']));
    expect({ exitCode, steps: (JSON.parse(stdout) as { steps: unknown[] }).steps }).toEqual({ exitCode: 0, steps: [] });
    // A pool of a test has little space, and its root has no program to start at boot.
    const { checks } = JSON.parse(await host.do('check', '--json')) as { checks: { verdict: string; name: string }[] };
    expect(checks.filter(({ verdict }) => verdict !== 'ok').map(({ name }) => name)).toEqual(['space', 'boot']);
    const { versions } = JSON.parse(await host.do('list', '--json')) as { versions: { version: string }[] };
    expect(versions.map(({ version }) => version)).toEqual(['v1.3.0', 'v1.2.0', 'v1.1.0', 'v1.0.0']);
  });
});

/** Follows a system link as a program on the host would, whose `/` is the root. */
async function runThroughFarm(host: TargetHost, target: string): Promise<string> {
  const text = await readlink(host.at(target));
  return host.read(text);
}

async function editDeployment(host: TargetHost, number: number, name: string, content: string): Promise<void> {
  await writeFile(join(host.layout.deployment(number).root, 'core', name), content);
}

async function edited(host: TargetHost, number: number, name: string): Promise<string> {
  return host.read(join(host.layout.deployment(number).root.slice(host.root.length), 'core', name));
}

/** A command twice: first only said, then done. */
async function rehearsed(host: TargetHost, ...args: readonly string[]): Promise<void> {
  const said = await expectHostUnchanged(host, () => host.do(...args, '--dry-run', '--json'), { times: true });
  const done = await host.do(...args, '--json');
  const [planned, taken] = [said, done].map((text) => JSON.parse(text) as { goal: string; steps: { says: string }[] });
  expect(planned?.steps, args.join(' ')).not.toEqual([]);
  expect(taken?.goal).toBe(planned?.goal);
  expect(taken?.steps.map(({ says }) => says)).toEqual(planned?.steps.map(({ says }) => says));
}
