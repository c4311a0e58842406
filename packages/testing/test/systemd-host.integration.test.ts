import { access, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Command, systemRunner } from '@goldstream/system';
import { describe, expect } from 'vitest';
import { CHECKOUT_IN_HOST, FOR_SYSTEMD_HOST, requireOrSkip, systemdTest, withSystemdHost } from '../src/index.ts';

const POOL = '/var/lib/op-dbus';

describe('a systemd host', () => {
  systemdTest('is up, with Btrfs, overlay, Python and our own Node', async ({ systemdHost: host }) => {
    expect(await host.run(['systemctl', 'is-system-running'])).toMatchObject({ stdout: 'running\n' });
    expect(await host.run(['stat', '--file-system', '--format=%T', POOL])).toMatchObject({ stdout: 'btrfs\n' });
    expect(await host.run(['findmnt', '--noheadings', '--output=FSROOT', POOL])).toMatchObject({ stdout: '/\n' });
    expect(await host.run(['python3', '-c', 'print(6 * 7)'])).toMatchObject({ stdout: '42\n' });
    expect((await host.run(['node', '--version'])).stdout).toMatch(/^v2[4-9]\./);
    await host.run(['test', '-f', join(CHECKOUT_IN_HOST, 'package.json')]);

    for (const name of ['lower', 'upper', 'work', 'root']) await mkdir(join(host.pool, name));
    await writeFile(join(host.pool, 'lower', 'file'), 'from below');
    const layers = `lowerdir=${POOL}/lower,upperdir=${POOL}/upper,workdir=${POOL}/work`;
    await host.run(['mount', '-t', 'overlay', '-o', layers, 'overlay', `${POOL}/root`]);
    expect(await host.run(['cat', `${POOL}/root/file`])).toMatchObject({ stdout: 'from below' });
  });

  systemdTest('receives incremental streams', async ({ systemdHost: host, temporaryDirectory }) => {
    const stream = join(temporaryDirectory, 'stream');
    await mkdir(join(host.pool, 'deploy'));
    await systemRunner.capture(['btrfs', 'subvolume', 'create', join(host.pool, 'golden')]);
    for (const [version, parent] of [['v1'], ['v2', 'v1']] as const) {
      await writeFile(join(host.pool, 'golden', version), version);
      const snapshot = join(host.pool, version);
      await systemRunner.capture(['btrfs', 'subvolume', 'snapshot', '-r', join(host.pool, 'golden'), snapshot]);
      const from = parent === undefined ? [] : ['-p', join(host.pool, parent)];
      await systemRunner.capture(['btrfs', 'send', ...from, '-f', stream, snapshot]);
      await host.run(['btrfs', 'receive', `${POOL}/deploy`], { input: await readFile(stream) });
    }
    expect(await readFile(join(host.pool, 'deploy', 'v2', 'v1'), 'utf8')).toBe('v1');
  });

  systemdTest('keeps its files through a reboot and a crash', async ({ systemdHost: host }) => {
    await host.run(['tee', '/etc/note'], { input: 'written before' });

    await host.reboot();
    expect(await host.run(['cat', '/etc/note'])).toMatchObject({ stdout: 'written before' });

    await host.crash();
    await host.boot();
    expect(await host.run(['cat', '/etc/note'])).toMatchObject({ stdout: 'written before' });
    expect(await readFile(join(host.root, 'etc', 'note'), 'utf8')).toBe('written before');
  });

  systemdTest('is one of its own beside another', async ({ systemdHost: host }) => {
    await withSystemdHost({ poolAt: '/srv/pool' }, async (second) => {
      await second.run(['tee', '/etc/note', '/srv/pool/note'], { input: 'second' });
      expect(await host.run(['test', '-e', '/etc/note'], { accept: [1] })).toMatchObject({ exitCode: 1 });
    });
    expect(await host.run(['systemctl', 'is-system-running'])).toMatchObject({ stdout: 'running\n' });
  });
});

describe('withSystemdHost', () => {
  systemdTest('leaves nothing behind when the test fails', async ({ skip }) => {
    await requireOrSkip(skip, FOR_SYSTEMD_HOST);
    let directory = '';
    const failing = withSystemdHost({}, async (host) => {
      directory = dirname(host.root);
      await host.run(['systemd-run', '--quiet', '--unit=busy', 'sleep', 'infinity']);
      expect(await tracesOf(directory)).toMatchObject({ cgroups: [expect.anything()], machine: [expect.anything()] });
      throw new RangeError('the test failed');
    });

    await expect(failing).rejects.toThrow(RangeError);
    await expectGone(directory);
  });

  systemdTest('tells which unit failed at boot, and leaves nothing of that boot', async ({ skip }) => {
    await requireOrSkip(skip, FOR_SYSTEMD_HOST);
    let directory = '';
    const failing = withSystemdHost({}, async (host) => {
      directory = dirname(host.root);
      const units = join(host.root, 'etc/systemd/system');
      await mkdir(join(units, 'sysinit.target.wants'), { recursive: true });
      await writeFile(join(units, 'broken.service'), '[Service]\nType=oneshot\nExecStart=/bin/false\n');
      await symlink('../broken.service', join(units, 'sysinit.target.wants/broken.service'));
      await host.reboot();
    });

    await expect(failing).rejects.toMatchObject({
      code: 'TESTING_HOST_FAILED',
      message: expect.stringContaining('broken.service'),
    });
    await expectGone(directory);
  });

  systemdTest('tells what the console said when nothing boots at all', async ({ skip }) => {
    await requireOrSkip(skip, FOR_SYSTEMD_HOST);
    let directory = '';
    const failing = withSystemdHost({}, async (host) => {
      directory = dirname(host.root);
      await host.stop();
      for (const init of ['sbin/init', 'lib/systemd/systemd', 'bin/sh', 'bin/bash']) {
        await rm(join(host.root, 'usr', init), { force: true });
      }
      await host.boot();
    });

    await expect(failing).rejects.toMatchObject({ code: 'TESTING_HOST_FAILED' });
    await expectGone(directory);
  });
});

async function expectGone(directory: string): Promise<void> {
  expect(await tracesOf(directory)).toEqual({ mounts: [], loopDevices: [], processes: [], cgroups: [], machine: [] });
  await expect(access(directory)).rejects.toMatchObject({ code: 'ENOENT' });
}

/** What the machine has of one host: all of it carries the name of its directory. */
async function tracesOf(directory: string) {
  const name = basename(directory);
  const linesOf = async (...command: Command) =>
    (await systemRunner.run(command, { accept: [1] })).stdout.split('\n').filter((line) => line.includes(name));
  return {
    mounts: (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').filter((line) => line.includes(name)),
    loopDevices: await linesOf('losetup', '--list', '--noheadings', '--output', 'BACK-FILE'),
    processes: await linesOf('ps', '-eo', 'args,cgroup:200'),
    cgroups: (await linesOf('find', '/sys/fs/cgroup', '-name', name)).slice(0, 1),
    machine: await linesOf('find', '/run/systemd/nspawn', '-name', name),
  };
}
