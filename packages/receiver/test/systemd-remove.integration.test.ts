import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SystemdHost, snapshotOfTree, systemdTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { releasedOnce } from './released-once.ts';
import { openShop, type ReleasedShop } from './released-shop.ts';
import { bringReleases, PREPARE, type SystemdTarget, targetOn } from './systemd-target.ts';

/** Two releases are made and a host is started twice, on a machine that may be busy with others. */
const PATIENCE_MS = 900_000;
const GOLDEN = fileURLToPath(new URL('../../../golden', import.meta.url));
const SHADOWED = '/usr/local/bin/op-dbus';
const NAME = 'org.example.Types';

const test = systemdTest.extend<{ $file: { releasedOnce: () => Promise<ReleasedShop> } }>({
  releasedOnce: releasedOnce(release),
});

describe('a host where systemd runs and Operation D-Bus with every type of file', { timeout: PATIENCE_MS }, () => {
  test('gets everything, keeps what is its operator’s, and is given back as it was', async ({
    systemdHost: host,
    releasedOnce: releases,
  }) => {
    await bringReleases(await releases(), host.root);
    await writeFile(join(host.root, SHADOWED), '#!/bin/sh\necho theirs\n', { mode: 0o700 });
    const before = await everythingOn(host);
    const target = targetOn(host);
    await target.do(...PREPARE);

    const refused = await target.run('deploy', 'v1.0.0');
    expect(refused).toMatchObject({
      exitCode: 8,
      stderr: expect.stringContaining(`${SHADOWED} is a file of somebody`),
    });
    const reloads = await reloadsOf(host);
    await target.do('deploy', 'v1.0.0', '--adopt');
    expect(await reloadsOf(host)).toBe(reloads + 1);
    await expectEveryType(target);

    await host.reboot();
    await expectEveryType(target);

    const timer = join(host.root, 'etc/systemd/system/dbus-cache-warmup.timer');
    const shipped = await readFile(timer, 'utf8');
    await writeFile(timer, `${shipped}# mine\n`);
    await host.run(['systemctl', 'disable', '--now', 'dbus-mcp.socket', 'dbus-mcp.service']);
    await host.run(['systemctl', 'mask', '--now', 'types@one.service']);
    const upgraded = await target.run('upgrade', 'v1.1.0');
    expect(upgraded.exitCode).toBe(0);
    for (const said of [
      'dbus-cache-warmup.timer was changed on this host and stays as it is',
      'dbus-mcp.socket was disabled on this host and stays so',
      'types@one.service is masked on this host and stays so',
    ]) {
      expect(upgraded.stderr).toContain(said);
    }
    expect(await readFile(timer, 'utf8')).toContain('# mine');
    expect(await target.states('dbus-mcp.socket', 'types@one.service')).toEqual(['inactive', 'inactive']);
    // v1.1.0 brings it in another order: what a unit is started after was restarted before it.
    expect(await target.states('types-first.service', 'types-second.service')).toEqual(['active', 'active']);
    const [first, second] = await Promise.all(
      ['types-first.service', 'types-second.service'].map((unit) =>
        target.property(unit, 'ActiveEnterTimestampMonotonic').then(Number),
      ),
    );
    expect(first).toBeLessThanOrEqual(second ?? 0);

    await host.run(['systemctl', 'unmask', 'types@one.service']);
    await writeFile(timer, shipped);
    const kept = await target.do('remove', '--all');
    expect(kept).toBe('kept: /var/lib/op-dbus is kept, with every version and deployment in it\n');
    expect(await everythingOn(host)).toEqual(before);
  });
});

/** What each type of file is for, works. */
async function expectEveryType(target: SystemdTarget): Promise<void> {
  const { host } = target;
  const says = async (...command: string[]) => (await host.run(command)).stdout;
  expect(await says('op-dbus', '--version')).toMatch(/\d/); // symlink
  expect(await says('ls', '/var/www/op-dbus-mcp/')).toContain('index.html'); // directory
  expect(await says('stat', '--format=%a', '/etc/op-dbus/mcp-config.json')).toBe('644\n'); // copy-if-not-exists
  expect(await says('stat', '--format=%a %U:%G', '/etc/types.conf')).toBe('640 root:adm\n'); // copy
  expect(await target.states('types@one.service', 'dbus-cache-warmup.timer', 'dbus-mcp.socket')).toEqual([
    'active',
    'active',
    'active',
  ]); // systemd-unit: an instance of a template, a timer, a socket
  // dbus: nobody may own a name on the system bus without a policy.
  const bus = 'org.freedesktop.DBus';
  const request = ['busctl', 'call', bus, '/org/freedesktop/DBus', bus, 'RequestName', 'su', NAME, '0'];
  expect(await says(...request)).toBe('u 1\n');
  expect((await target.run('verify')).exitCode).toBe(0);
}

/** What a host that was never prepared has, too: files, what is known of units, what runs. */
async function everythingOn(host: SystemdHost) {
  const trees = await Promise.all(
    ['etc', 'usr/local', 'var/www'].map(async (name) => [name, await listingOf(join(host.root, name))] as const),
  );
  const asked = async (...words: string[]) =>
    (await host.run(['systemctl', '--no-legend', '--plain', ...words])).stdout.split('\n').map((line) => line.trim());
  return {
    files: Object.fromEntries(trees),
    units: await asked('list-unit-files'),
    active: (await asked('list-units', '--state=active', '--type=service,socket,timer,mount,path')).map(
      (line) => line.split(' ')[0],
    ),
  };
}

async function listingOf(directory: string): Promise<Record<string, string>> {
  const listing = await snapshotOfTree(directory).catch((error: NodeJS.ErrnoException): Record<string, string> => {
    if (error.code === 'ENOENT') return {};
    throw error;
  });
  // The switch's own identity, which it draws and writes when it is first started.
  delete listing['openvswitch/system-id.conf'];
  return listing;
}

/** How often systemd has read its files in this boot. */
async function reloadsOf(host: SystemdHost): Promise<number> {
  const { stdout } = await host.run(['journalctl', '--boot', '_PID=1', '--output=cat', '--no-pager']);
  return stdout.split('\n').filter((line) => line.startsWith('Reloading')).length;
}

async function release(directory: string): Promise<ReleasedShop> {
  const shop = await openShop({ application: 'op-dbus', recipe: GOLDEN, directory });
  for (const [path, content] of Object.entries(TYPES)) await shop.write(`stage-9-types/${path}`, content);
  const golden = await readFile(join(GOLDEN, 'golden.yaml'), 'utf8');
  await shop.write('golden.yaml', golden.replace('sources:\n', 'sources:\n  - directory: stage-9-types\n'));
  await shop.release('v1.0.0');
  await shop.write('stage-9-types/types.conf', 'types = 2\n');
  await shop.release('v1.1.0');
  return shop;
}

const SLEEPER = '[Service]\nExecStart=sleep infinity\n[Install]\nWantedBy=multi-user.target\n';

/** What the components of Operation D-Bus have no need of. */
const TYPES = {
  'manifest.yaml': `stage: 9
component: types
version: 1.0.0
description: The types of files and units that the others do not use
files:
  - { path: types.conf, target: /etc/types.conf, type: copy, mode: 0640, owner: "root:adm" }
  - { path: policy.conf, target: /etc/dbus-1/system.d/${NAME}.conf, type: dbus, mode: 0644 }
  - { path: types@.service, target: /etc/systemd/system/types@.service, type: systemd-unit }
  - { path: second.service, target: /etc/systemd/system/types-second.service, type: systemd-unit }
  - { path: first.service, target: /etc/systemd/system/types-first.service, type: systemd-unit }
services: [types@one.service, types-second.service, types-first.service]
`,
  'types.conf': 'types = 1\n',
  'policy.conf': `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><policy user="root"><allow own="${NAME}"/></policy></busconfig>
`,
  'types@.service': SLEEPER,
  'first.service': SLEEPER,
  'second.service': `[Unit]\nAfter=types-first.service\n${SLEEPER}`,
};
