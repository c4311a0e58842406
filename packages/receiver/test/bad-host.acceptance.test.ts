import { chmod, mkdir, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { acquireLock, showSubvolume, systemRunner } from '@goldstream/system';
import { fakeTool, pathWithout, withBtrfs } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { copyStore } from './copied-store.ts';
import { setReadOnly } from './set-read-only.ts';
import { shopTest } from './shop-test.ts';
import { expectHostUnchanged, receivedRecord, type TargetHost, targetHost } from './target-host.ts';

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] as const;

/** One of each kind of command that needs a host which is in order. */
const COMMANDS = [['deploy', 'v1.0.0'], ['upgrade', 'v1.1.0'], ['rollback'], ['mount'], ['prune']];

describe('a host is left as it is', () => {
  shopTest('by somebody who is not root', async ({ host, temporaryDirectory }) => {
    // Nobody may come as far as the host's own directories.
    for (const at of [temporaryDirectory, dirname(dirname(host.root)), dirname(host.root)]) await chmod(at, 0o755);
    for (const args of [['deploy', 'v1.0.0'], ['deploy', 'v1.0.0', '--dry-run'], ['prepare'], ['status'], ['verify']]) {
      const command = [...NOBODY, ...host.command(...args)] as const;
      const ended = await expectHostUnchanged(host, () =>
        systemRunner.run(command, { accept: [...Array(256).keys()] }),
      );
      expect(ended, args.join(' ')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('SYSTEM_NOT_ROOT') });
    }
  });

  shopTest('where no pool was prepared', async ({ shop, temporaryDirectory }) => {
    const host = await targetHost(join(temporaryDirectory, 'bare'), shop.application);
    for (const args of [['deploy', 'v1.0.0'], ['rollback', '--dry-run'], ['status']]) {
      await refused(host, args, 3, 'HOST_NOT_PREPARED');
    }
  });

  shopTest('where the pool is not on Btrfs', async ({ shop, temporaryDirectory }) => {
    const host = await targetHost(join(temporaryDirectory, 'bare'), shop.application);
    for (const at of [host.layout.deploy, host.layout.state]) await mkdir(at, { recursive: true });
    await refused(host, ['deploy', 'v1.0.0'], 3, 'BTRFS_NOT_BTRFS');
    await refused(host, ['prepare'], 8, 'PREPARE_FOREIGN_FILE');
  });

  shopTest('where the pool is a bind mount of a plain directory', async ({ btrfs, shop, temporaryDirectory }) => {
    const host = await targetHost(join(temporaryDirectory, 'bound'), shop.application);
    const plain = join(btrfs, 'plain');
    for (const name of ['deploy', 'state']) await mkdir(join(plain, name), { recursive: true });
    await mkdir(host.layout.pool, { recursive: true });
    // Unmounted with the directory, whatever becomes of the test.
    await systemRunner.run(['mount', '--bind', plain, host.layout.pool]);
    await refused(host, ['deploy', 'v1.0.0'], 3, 'BTRFS_BIND_MOUNT');
    await refused(host, ['prepare'], 3, 'BTRFS_BIND_MOUNT');
  });

  shopTest('where a program is missing or too old', async ({ host, temporaryDirectory }) => {
    for (const tool of ['btrfs', 'zstd', 'gpgv']) {
      const env = { PATH: await pathWithout(temporaryDirectory, tool) };
      const missing = await expectHostUnchanged(host, () => host.run(['deploy', 'v1.0.0'], { env }));
      expect(missing).toMatchObject({
        exitCode: 3,
        stderr: expect.stringMatching(new RegExp(`TOOL_MISSING: ${tool} .*apt-get`, 's')),
      });
    }
    const says = { btrfs: 'btrfs-progs v5.10', zstd: 'Zstandard CLI v1.3.8', gpgv: 'gpgv (GnuPG) 2.1.18' };
    for (const [tool, said] of Object.entries(says)) {
      const PATH = await pathWithout(temporaryDirectory);
      await fakeTool(PATH, tool, said);
      const old = await expectHostUnchanged(host, () => host.run(['deploy', 'v1.0.0'], { env: { PATH } }));
      const found = said.split(/[ v]/).at(-1);
      expect(old).toMatchObject({
        exitCode: 3,
        stderr: expect.stringMatching(`TOOL_TOO_OLD: ${tool} is version ${found}`),
      });
    }
  });

  shopTest('by words that make no sense', async ({ host }) => {
    await refused(host, ['deploy', '1.0.0'], 2, 'RELEASE_BAD_VERSION');
    await refused(host, ['deploy', 'v1.0'], 2, 'RELEASE_BAD_VERSION');
    await refused(host, ['deploy', 'v1.0.0/../v1.1.0'], 2, 'RELEASE_BAD_VERSION');
    await refused(host, ['deploy', 'v1.0.0', '--hurry'], 2, 'CLI_USAGE');
    await refused(host, ['receive', 'v1.0.0', '--manifest', '/missing.json'], 5, 'RECEIVE_UNSIGNED');
    await refused(host, ['receive', 'v1.0.0', '--manifest', '/missing.json', '--store', 'dir:/x'], 2, 'CLI_USAGE');
    await refused(host, ['rollback'], 8, 'DEPLOY_NOTHING_ACTIVE');
    await refused(host, ['upgrade'], 8, 'DEPLOY_NOTHING_ACTIVE');
    await refused(host, ['upgrade', 'v1.1.0'], 8, 'DEPLOY_NOTHING_ACTIVE');
    await refused(host, ['mount'], 8, 'DEPLOY_NOTHING_ACTIVE');
  });

  shopTest('when the active version is another than said, or newer', async ({ host }) => {
    await host.do('deploy', 'v1.1.0');
    await refused(host, ['upgrade', 'v1.0.0', 'v1.2.0'], 8, 'DEPLOY_WRONG_FROM');
    await refused(host, ['upgrade', 'v1.0.0'], 8, 'DEPLOY_OLDER_THAN_ACTIVE');
    await refused(host, ['deploy', 'v1.0.0'], 8, 'DEPLOY_OLDER_THAN_ACTIVE');
    await refused(host, ['rollback'], 8, 'DEPLOY_NOTHING_TO_ROLL_BACK_TO');
    await refused(host, ['rollback', 'v1.0.0'], 8, 'DEPLOY_NOTHING_TO_ROLL_BACK_TO');
    await refused(host, ['unmount', 'v1.1.0'], 8, 'DEPLOY_ACTIVE');
    await refused(host, ['pin', 'v9.9.9'], 8, 'DEPLOY_NO_SUCH_VERSION');
  });

  shopTest('while another command of the same application is at work', async ({ host }) => {
    await host.do('deploy', 'v1.0.0');
    await using _held = await acquireLock(systemRunner, host.layout.lock);
    for (const args of COMMANDS) await refused(host, args, 8, 'SYSTEM_LOCKED');
    expect((await host.run(['prune'])).stderr).toContain(`process ${process.pid}`);
    // Looking is allowed.
    expect((await host.status()).active).toMatchObject({ version: 'v1.0.0' });
    await host.do('upgrade', 'v1.1.0', '--dry-run');
  });

  shopTest('when there is too little space, before anything is read', async ({ shop, temporaryDirectory }) => {
    const store = await copyStore(shop, temporaryDirectory);
    await withBtrfs({ size: 128 * 1024 * 1024 }, async (pool) => {
      const host = await targetHost(join(pool, 'host'), shop.application);
      await host.do('prepare', '--key', shop.key, '--store', store.url);
      await systemRunner.run(['fallocate', '--length', '24MiB', host.at('ballast')]);
      await rm(await store.asset('v1.3.0', 'part000'));
      const { stderr } = await refused(host, ['deploy', 'v1.3.0'], 8, 'RECEIVE_NO_SPACE');
      expect(stderr).toMatch(/needs [\d.]+ MiB \(\d+ bytes\) .*free are [\d.]+ MiB \(\d+ bytes\)/);
    });
  });

  shopTest('when a mount point is taken', async ({ host }) => {
    await host.do('deploy', 'v1.0.0');
    await host.do('mount', 'v1.1.0');
    await host.do('unmount', 'v1.1.0');
    const { root } = host.layout.deployment(2);
    await systemRunner.run(['mount', '-t', 'tmpfs', 'tmpfs', root]);
    await refused(host, ['mount', 'v1.1.0'], 8, 'SYSTEM_MOUNT_BUSY');
    await systemRunner.run(['umount', root]);
    await host.do('mount', 'v1.1.0');
  });

  shopTest('and goes round a place of the next deployment that somebody else mounted on', async ({ host }) => {
    await host.do('deploy', 'v1.0.0');
    const { root } = host.layout.deployment(2);
    await mkdir(root, { recursive: true });
    await systemRunner.run(['mount', '-t', 'tmpfs', 'tmpfs', root]);
    await host.do('upgrade', 'v1.1.0');
    expect((await host.status()).active).toMatchObject({ version: 'v1.1.0', number: 3 });
    expect(await readdir(root)).toEqual([]);
  });

  shopTest('when somebody else’s file is at a target', async ({ host }) => {
    await host.do('receive', 'v1.0.0');
    await mkdir(host.at('usr/local/bin'), { recursive: true });
    await writeFile(host.at('usr/local/bin/shop'), 'mine');
    const { stderr } = await refused(host, ['deploy', 'v1.0.0'], 8, 'TARGET_CONFLICT');
    expect(stderr).toContain('/usr/local/bin/shop');

    await rm(host.at('usr/local/bin/shop'));
    await host.do('deploy', 'v1.0.0');
    await writeFile(host.at('usr/local/bin/shop-admin'), 'mine');
    await host.run(['upgrade', 'v1.1.0']);
    expect(await readlink(host.layout.current)).toBe('live/0001');
    expect(await host.read('usr/local/bin/shop-admin')).toBe('mine');
    await refused(host, ['upgrade', 'v1.1.0'], 8, 'TARGET_CONFLICT');
  });
});

describe('a parent that is not what it should be', () => {
  shopTest('is not used although it kept its received UUID and is read-only again', async ({ host }) => {
    await host.do('receive', 'v1.0.0');
    const path = join(host.layout.deploy, 'v1.0.0');
    const before = await showSubvolume(systemRunner, path);
    await setReadOnly(path, 'false');
    await writeFile(join(path, 'core/bin/shop'), 'tampered with');
    await setReadOnly(path, 'true');
    const { receivedUuid, readonly } = await showSubvolume(systemRunner, path);
    expect({ receivedUuid, readonly }).toEqual({ receivedUuid: before.receivedUuid, readonly: true });

    await host.do('receive', 'v1.1.0');
    expect(await receivedRecord(host, 'v1.1.0')).toMatchObject({ how: 'full' });
    expect(await host.run(['verify', 'v1.0.0', '--deep'])).toMatchObject({ exitCode: 5 });
    await host.do('verify', 'v1.1.0', '--deep');
  });

  shopTest('makes the full stream the one that is taken', async ({ host }) => {
    await host.do('receive', 'v1.1.0');
    expect(await receivedRecord(host, 'v1.1.0')).toMatchObject({ how: 'full' });

    // Somebody edits it as people do.
    const path = join(host.layout.deploy, 'v1.1.0');
    const set = (value: string) => systemRunner.run(['btrfs', 'property', 'set', '-f', path, 'ro', value]);
    await set('false');
    await writeFile(join(path, 'core/bin/shop'), 'edited');
    await set('true');

    const { exitCode, stderr } = await host.run(['receive', 'v1.2.0']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toMatch(/v1\.1\.0 was changed on this host/);
    expect(await receivedRecord(host, 'v1.2.0')).toMatchObject({ how: 'full' });
    expect(await host.run(['verify', 'v1.1.0', '--deep'])).toMatchObject({ exitCode: 5 });
  });
});

async function refused(host: TargetHost, args: readonly string[], exitCode: number, code: string) {
  const ended = await expectHostUnchanged(host, () => host.run(args));
  expect(ended, args.join(' ')).toMatchObject({ exitCode, stderr: expect.stringContaining(`${code}: `) });
  return ended;
}
