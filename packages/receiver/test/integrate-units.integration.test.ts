import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKOUT_IN_HOST, type SystemdHost, systemdTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';

const POOL = '/var/lib/op-dbus';
const PROGRAM = join(CHECKOUT_IN_HOST, 'packages/receiver/test/integrate-version.ts');

const FILES = {
  'manifest.yaml': `stage: 1
component: web
version: 1.0.0
description: A socket and its service
files:
  - { path: web.service, target: /etc/systemd/system/web.service, type: systemd-unit }
  - { path: web.socket, target: /etc/systemd/system/web.socket, type: systemd-unit }
services: [web.socket, web.service]
`,
  'web.service': '[Service]\nExecStart=/usr/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n',
  'web.socket': '[Socket]\nListenStream=127.0.0.1:8080\n[Install]\nWantedBy=sockets.target\n',
  page: 'one',
};

describe('integration on a host where systemd runs', () => {
  systemdTest('starts, restarts only what is affected, and stops what is gone', async ({ systemdHost: host }) => {
    expect(await integrate(host, 'v1', FILES)).toContain('start web.socket, web.service');
    expect(await statesOf(host)).toEqual(['active', 'active']);
    const [first, socket] = [await property(host, 'web.service', 'MainPID'), await invocation(host, 'web.socket')];

    expect(await integrate(host, 'v2', FILES)).toEqual(['']);
    expect(await property(host, 'web.service', 'MainPID')).toBe(first);

    expect(await integrate(host, 'v3', { ...FILES, page: 'two' })).toEqual(['restart web.service']);
    expect(await property(host, 'web.service', 'MainPID')).not.toBe(first);
    expect(await invocation(host, 'web.socket')).toBe(socket);

    const moved = { ...FILES, 'web.socket': FILES['web.socket'].replace('8080', '8081') };
    expect(await integrate(host, 'v4', moved)).toContain('restart web.socket, web.service');
    expect(await invocation(host, 'web.socket')).not.toBe(socket);
    expect(await property(host, 'web.socket', 'Listen')).toContain('8081');
    expect(await statesOf(host)).toEqual(['active', 'active']);

    await host.run(['systemctl', 'disable', '--now', 'web.service', 'web.socket']);
    expect(await integrate(host, 'v5', { ...moved, page: 'three' })).toContain(
      'web.service was disabled on this host and stays so',
    );
    expect(await statesOf(host)).toEqual(['inactive', 'inactive']);

    await host.run(['systemctl', 'enable', '--now', 'web.socket', 'web.service']);
    expect(await integrate(host, 'v6', {})).toContain('stop web.socket, web.service');
    expect(await property(host, 'web.service', 'LoadState')).toBe('not-found');
    expect(await property(host, 'web.socket', 'ActiveState')).toBe('inactive');
  });

  systemdTest('goes back from a version whose service fails', async ({ systemdHost: host }) => {
    await integrate(host, 'v1', FILES);
    const broken = {
      ...FILES,
      'web.service': FILES['web.service'].replace('/usr/bin/sleep infinity', '/usr/bin/false'),
    };
    await integrate(host, 'v2', broken);
    // Returns when it has ended: without --wait it may still be running when it is looked at.
    await host.run(['systemctl', 'start', '--wait', 'web.service'], { accept: [0, 1] });
    expect(await property(host, 'web.service', 'Result')).not.toBe('success');

    expect(await integrate(host, 'v1', FILES)).toContain('start web.service');
    expect(await statesOf(host)).toEqual(['active', 'active']);
  });
});

/** Puts a version into the host's pool, connects it, and tells the steps and notes. */
async function integrate(
  host: SystemdHost,
  version: string,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  // What `prepare` installs; the pool of this host is there by itself.
  const mount = '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=true\n';
  await writeFile(join(host.root, 'etc/systemd/system/goldstream-mount@.service'), mount);
  const folder = join(host.pool, version, 'web');
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const { stdout } = await host.run(['node', '--conditions=source', PROGRAM, join(POOL, version), join(POOL, 'state')]);
  return stdout.slice(0, -1).split('\n');
}

async function statesOf(host: SystemdHost): Promise<readonly (string | undefined)[]> {
  const { stdout } = await host.run(['systemctl', 'is-active', 'web.socket', 'web.service'], { accept: [3] });
  return stdout.trim().split('\n');
}

async function property(host: SystemdHost, unit: string, name: string): Promise<string> {
  return (await host.run(['systemctl', 'show', '--value', `--property=${name}`, unit])).stdout.trim();
}

/** Another one for every time a unit was started. */
async function invocation(host: SystemdHost, unit: string): Promise<string> {
  return property(host, unit, 'InvocationID');
}
