import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ended } from '@goldstream/system';
import { CHECKOUT_IN_HOST, type CommandedHost, type SystemdHost, systemdTest } from '@goldstream/testing';
import { demandDone } from './demand-done.ts';
import { releasedOnce } from './released-once.ts';
import { openShop, type ReleasedShop } from './released-shop.ts';

/** The receiver, with its sources, on a host where systemd runs and Operation D-Bus is the application. */
export interface SystemdTarget<Host extends CommandedHost = SystemdHost> {
  readonly host: Host;
  /** Runs a command of the receiver, whatever becomes of it. */
  run(...args: readonly string[]): Promise<Ended>;
  /** Runs a command of the receiver, which must succeed. */
  do(...args: readonly string[]): Promise<string>;
  /** One property of a unit. */
  property(unit: string, name: string): Promise<string>;
  /** `active`, `failed`, … of each unit. */
  states(...units: readonly string[]): Promise<readonly string[]>;
  /** Of each unit a word that is another one for every time it was started. */
  invocations<Unit extends string>(...units: readonly Unit[]): Promise<Readonly<Record<Unit, string>>>;
}

/** The units that run on such a host while a version of it is active. */
export const UNITS = [
  'openvswitch.service',
  'ovsdb-server.service',
  'ovs-vswitchd.service',
  'dbus-cache-warmup.timer',
  'dbus-mcp.socket',
  'dbus-mcp.service',
  'ledger.service',
] as const;

/** The command line of the receiver inside the host. */
export const IN_HOST = [
  'node',
  '--conditions=source',
  join(CHECKOUT_IN_HOST, 'packages/receiver/src/main.ts'),
] as const;

/** What makes such a host ready, once {@link bringReleases} has brought what it takes. */
export const PREPARE = ['--app', 'op-dbus', 'prepare', '--key', '/srv/op-dbus.gpg', '--store', 'dir:/srv/releases'];

const GOLDEN = fileURLToPath(new URL('../../../golden', import.meta.url));
const EVERY_EXIT_CODE = [...Array(256).keys()];

/**
 * `test` with Operation D-Bus as `golden/` has it, released once for all tests of a file, and a host of the test's own
 * that is prepared for it. `ledger`, a component of the tests, writes to its deployment without a pause.
 *
 * v1.0.0 → v1.1.0 changes the page of the MCP server; in v1.2.0 that server fails when it starts; in v1.3.0 `ledger`
 * never comes to an end of starting, and holds up every boot.
 */
export const targetTest = systemdTest
  .extend<{ $file: { releasedOnce: () => Promise<ReleasedShop> } }>({
    releasedOnce: releasedOnce(releaseOperationDbus),
  })
  .extend<{ target: SystemdTarget }>({
    target: async ({ systemdHost: host, releasedOnce }, use) => {
      await bringReleases(await releasedOnce(), host.root);
      const target = targetOn(host);
      await target.do(...PREPARE);
      await use(target);
    },
  });

/** Puts what was released, and the key that it is trusted by, below the root of a host. */
export async function bringReleases({ store, key }: ReleasedShop, root: string): Promise<void> {
  await cp(store, join(root, 'srv/releases'), { recursive: true });
  await cp(key, join(root, 'srv/op-dbus.gpg'));
}

/** The receiver on a host that has booted: from its sources, unless another command line of it is given. */
export function targetOn<Host extends CommandedHost>(
  host: Host,
  receiver: readonly string[] = IN_HOST,
): SystemdTarget<Host> {
  const run: SystemdTarget['run'] = (...args) => host.run([...receiver, ...args], { accept: EVERY_EXIT_CODE });
  const property: SystemdTarget['property'] = async (unit, name) =>
    (await host.run(['systemctl', 'show', '--value', `--property=${name}`, unit])).stdout.trim();
  return {
    host,
    run,
    property,
    do: async (...args) => demandDone(await run(...args)),
    states: async (...units) => Promise.all(units.map((unit) => property(unit, 'ActiveState'))),
    invocations: async <Unit extends string>(...units: readonly Unit[]) => {
      const words = await Promise.all(units.map((unit) => property(unit, 'InvocationID')));
      // One word for each of exactly these units.
      return Object.fromEntries(units.map((unit, index) => [unit, words[index]])) as Record<Unit, string>;
    },
  };
}

/** Releases Operation D-Bus as {@link targetTest} says, in an empty directory. */
export async function releaseOperationDbus(directory: string): Promise<ReleasedShop> {
  const shop = await openShop({ application: 'op-dbus', recipe: GOLDEN, directory });
  for (const [path, content] of Object.entries(LEDGER)) await shop.write(`stage-9-ledger/${path}`, content);
  const golden = await readFile(join(GOLDEN, 'golden.yaml'), 'utf8');
  await shop.write('golden.yaml', golden.replace('sources:\n', 'sources:\n  - directory: stage-9-ledger\n'));
  await shop.release('v1.0.0');
  await shop.write('stage-5-mcp-server/web/index.html', 'the page of v1.1.0\n');
  await shop.release('v1.1.0');
  await shop.write(MCP_SERVER, '#!/bin/sh\nexit 1\n');
  await shop.release('v1.2.0');
  await shop.write(MCP_SERVER, await readFile(join(GOLDEN, MCP_SERVER), 'utf8'));
  await shop.write('stage-9-ledger/ledger.service', ENDLESS);
  await shop.release('v1.3.0');
  return shop;
}

const MCP_SERVER = 'stage-5-mcp-server/bin/dbus-mcp';

/** A service that is started for ever: what waits for it waits, too. */
const ENDLESS =
  '[Service]\nType=oneshot\nExecStart=sleep infinity\nTimeoutStartSec=infinity\n[Install]\nWantedBy=multi-user.target\n';

/** Numbers its lines, and acknowledges each outside the deployment once it is on disk. */
const LEDGER = {
  'manifest.yaml': `stage: 9
component: ledger
version: 1.0.0
description: A service that never stops writing to its deployment
files:
  - { path: bin/ledger, target: /usr/local/bin/ledger, mode: 0755, type: symlink }
  - { path: ledger.service, target: /etc/systemd/system/ledger.service, mode: 0644, type: systemd-unit }
services: [ledger.service]
`,
  'ledger.service': '[Service]\nExecStart=/usr/local/bin/ledger\n[Install]\nWantedBy=multi-user.target\n',
  'bin/ledger': `#!/usr/bin/env python3
import os, time
with open("/var/lib/op-dbus/current/root/stage-9-ledger/lines", "a+") as lines, open("/srv/acknowledged", "a") as acknowledged:
    lines.seek(0)
    number = len(lines.readlines())
    while True:
        number += 1
        print(number, file=lines, flush=True)
        os.fsync(lines.fileno())
        print(number, file=acknowledged, flush=True)
        time.sleep(0.005)
`,
};
