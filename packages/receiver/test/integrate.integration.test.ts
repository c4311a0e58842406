import { chmod, chown, lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { executePlan } from '@goldstream/plan';
import { systemBusFor, systemctlFor, systemRunner } from '@goldstream/system';
import { CAPABILITIES, directoryTest, expectUnchanged, requireOrSkip, snapshotOfTree } from '@goldstream/testing';
import { beforeEach, describe, expect } from 'vitest';
import { layoutOf } from '../src/host/layout.ts';
import { gatherSystem } from '../src/integrate/gather-system.ts';
import { integrationHandlers } from '../src/integrate/integration-handlers.ts';
import type { IntegrationPlan, IntegrationStep } from '../src/integrate/integration-plan.ts';
import { placedBy } from '../src/integrate/integration-plan.ts';
import { planFarm } from '../src/integrate/plan-farm.ts';
import { planIntegration } from '../src/integrate/plan-integration.ts';
import { readComponents } from '../src/integrate/read-components.ts';
import { deploymentSite } from '../src/integrate/site.ts';
import { NOTHING_BEFORE, type Previous } from '../src/integrate/system-facts.ts';
import { writeFarm } from '../src/integrate/write-farm.ts';

const MANIFEST = `stage: 1
component: core
version: 1.0.0
description: A component
files:
  - { path: bin/op, target: /usr/local/bin/op, type: symlink }
  - { path: web/, target: /var/www/op/, type: directory }
  - { path: etc/op.conf, target: /etc/op/op.conf, type: copy, mode: 0640, owner: "www:adm" }
  - { path: etc/own.conf, target: /etc/op/own.conf, type: copy-if-not-exists }
  - { path: op.service, target: /etc/systemd/system/op.service, type: systemd-unit }
services: [op.service]
`;

const FILES = {
  'core/manifest.yaml': MANIFEST,
  'core/bin/op': 'program',
  'core/web/index.html': 'page',
  'core/etc/op.conf': 'setting = 1',
  'core/etc/own.conf': 'yours = 1',
  'core/op.service': '[Service]\nExecStart=/usr/local/bin/op\n[Install]\nWantedBy=multi-user.target\n',
};

/** A tree that stands for a host, and the steps of a deployment on it without subvolumes. */
async function hostIn(directory: string) {
  const root = join(directory, 'root');
  const layout = layoutOf(root, 'op-dbus');
  const site = deploymentSite(layout);
  const tools = { systemctl: systemctlFor(systemRunner, root), systemBus: systemBusFor(systemRunner, root) };
  await write(root, {
    'etc/passwd': 'root:x:0:0::/root:/bin/sh\nwww:x:33:34::/:/bin/false\n',
    'etc/group': 'root:x:0:\nadm:x:4:\n',
  });
  const run = async (goal: string, steps: readonly IntegrationStep[]) => {
    await executePlan({ goal, steps }, integrationHandlers(tools, site));
  };
  const plan = async (version: string, previous: Previous, { adopt = false } = {}) => {
    const components = await readComponents(version);
    const system = await gatherSystem(tools, site, components, previous);
    return { components, plan: planIntegration({ site, components, previous, system, adopt }) };
  };
  return {
    root,
    layout,
    originals: site.originals,
    plan,
    run,
    /** Integrates a version completely. */
    integrate: async (
      version: string,
      previous = NOTHING_BEFORE,
      wish: { readonly adopt?: boolean } = {},
    ): Promise<Previous & { readonly plan: IntegrationPlan }> => {
      const { components, plan: made } = await plan(version, previous, wish);
      await run('all', [...made.before, ...made.after, ...made.gone]);
      return { ...placedBy(made, components), plan: made };
    },
    versionOf: async (name: string, files: Readonly<Record<string, string>> = FILES) => {
      await write(join(directory, name), files);
      return join(directory, name);
    },
    at: (path: string) => join(root, path),
  };
}

async function write(base: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(base, path)), { recursive: true });
    await writeFile(join(base, path), content);
  }
}

beforeEach(async ({ skip }) => {
  await requireOrSkip(skip, [CAPABILITIES.root]);
});

describe('integration of a version into a tree', () => {
  directoryTest('places links, copies with their owner, and enabled units', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    await host.integrate(await host.versionOf('v1'));

    expect(await readlink(host.at('usr/local/bin/op'))).toBe('/var/lib/op-dbus/current/links/usr/local/bin/op');
    expect(await readlink(host.at('var/www/op'))).toBe('/var/lib/op-dbus/current/links/var/www/op');
    const { mode, uid, gid } = await lstat(host.at('etc/op/op.conf'));
    expect([mode & 0o7777, uid, gid]).toEqual([0o640, 33, 4]);
    expect(await readFile(host.at('etc/op/own.conf'), 'utf8')).toBe('yours = 1');
    expect(await readdir(host.at('etc/systemd/system/multi-user.target.wants'))).toEqual(['op.service']);
    expect(await readdir(host.at('etc/op'))).toEqual(['op.conf', 'own.conf']);
  });

  directoryTest(
    'leads from the system by way of current and the farm into the tree',
    async ({ temporaryDirectory }) => {
      const host = await hostIn(temporaryDirectory);
      const version = await host.versionOf('v1');
      const { links, root, link } = host.layout.deployment(7);
      await mkdir(dirname(root), { recursive: true });
      await symlink(version, root);
      for (let times = 0; times < 2; times += 1) await writeFarm(links, planFarm(await readComponents(version)));
      await symlink(link, host.layout.current);
      expect(await readFile(join(host.layout.current, 'links/usr/local/bin/op'), 'utf8')).toBe('program');
      expect(await readdir(join(host.layout.current, 'links/var/www/op'))).toEqual(['index.html']);
    },
  );

  directoryTest('changes nothing the second time', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    const version = await host.versionOf('v1');
    const first = await host.integrate(version);
    const again = await host.plan(version, first);
    expect(again.plan).toMatchObject({ before: [], after: [], gone: [], notes: [] });
  });

  directoryTest('takes every step of its plan again without harm', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    const { plan } = await host.plan(await host.versionOf('v1'), NOTHING_BEFORE);
    for (const step of [...plan.before, ...plan.after]) await host.run('twice', [step, step]);
    const listing = await snapshotOfTree(host.root);
    await host.run('again', [...plan.before, ...plan.after]);
    expect(await snapshotOfTree(host.root)).toEqual(listing);
  });

  directoryTest('upgrades what is unchanged, keeps what was edited, and goes back', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    const one = await host.versionOf('v1');
    const two = await host.versionOf('v2', {
      ...FILES,
      'core/etc/op.conf': 'setting = 2',
      'core/op.service': '[Service]\n',
    });
    const first = await host.integrate(one);
    await writeFile(host.at('etc/systemd/system/op.service'), 'mine');

    const second = await host.integrate(two, first);
    expect(await readFile(host.at('etc/op/op.conf'), 'utf8')).toBe('setting = 2');
    expect(await readFile(host.at('etc/systemd/system/op.service'), 'utf8')).toBe('mine');
    expect(second.plan.notes).toEqual([expect.stringContaining('/etc/systemd/system/op.service was changed')]);

    await host.integrate(one, second);
    expect(await readFile(host.at('etc/op/op.conf'), 'utf8')).toBe('setting = 1');
    expect(await readFile(host.at('etc/systemd/system/op.service'), 'utf8')).toBe('mine');
  });

  directoryTest('removes everything of its own, directories included', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    const before = await snapshotOfTree(host.root);
    const first = await host.integrate(await host.versionOf('v1'));
    await host.integrate(await host.versionOf('v2', { README: 'empty' }), first);
    expect(await snapshotOfTree(host.root)).toEqual(before);
  });

  directoryTest('leaves what an operator changed or added, and the way to it', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    const first = await host.integrate(await host.versionOf('v1'));
    await write(host.root, { 'etc/op/own.conf': 'mine', 'var/www/theirs/page': 'theirs' });
    const { plan } = await host.integrate(await host.versionOf('v2', { README: 'empty' }), first);
    expect(plan.notes).toEqual(['/etc/op/own.conf was changed on this host and is not removed']);
    expect(await readdir(host.at('etc/op'))).toEqual(['own.conf']);
    expect(await readdir(host.at('var/www'))).toEqual(['theirs']);
    expect(await readdir(host.root)).toEqual(['etc', 'var']);
  });

  directoryTest('copies a tree file by file, and removes it so', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    const before = await snapshotOfTree(host.root);
    const manifest = MANIFEST.replace('type: directory }', 'type: directory, as: copy, owner: www }');
    const one = await host.versionOf('v1', { ...FILES, 'core/manifest.yaml': manifest, 'core/web/img/a.svg': 'a' });
    const two = await host.versionOf('v2', { ...FILES, 'core/manifest.yaml': manifest, 'core/web/new.html': 'new' });
    const first = await host.integrate(one);
    expect(await readFile(host.at('var/www/op/img/a.svg'), 'utf8')).toBe('a');
    expect(await lstat(host.at('var/www/op/index.html'))).toMatchObject({ uid: 33, gid: 34 });

    await writeFile(host.at('var/www/op/index.html'), 'mine');
    const second = await host.integrate(two, first);
    expect(await readdir(host.at('var/www/op'))).toEqual(['index.html', 'new.html']);
    expect(second.plan.notes).toEqual(['/var/www/op/index.html was changed on this host and stays as it is']);

    await writeFile(host.at('var/www/op/index.html'), 'page');
    await host.integrate(await host.versionOf('v3', { README: 'empty' }), second);
    expect(await snapshotOfTree(host.root)).toEqual(before);
  });

  directoryTest('takes over what was there when asked to, and puts it back', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    const version = await host.versionOf('v1');
    await write(host.root, { 'etc/op/op.conf': 'theirs', 'opt/op': '' });
    await chmod(host.at('etc/op/op.conf'), 0o604);
    await chown(host.at('etc/op/op.conf'), 7, 8);
    await mkdir(host.at('usr/local/bin'), { recursive: true });
    await symlink('/opt/op', host.at('usr/local/bin/op'));
    const before = await snapshotOfTree(host.root);
    await expect(host.integrate(version)).rejects.toMatchObject({ code: 'TARGET_CONFLICT' });

    const first = await host.integrate(version, NOTHING_BEFORE, { adopt: true });
    expect(await readFile(host.at('etc/op/op.conf'), 'utf8')).toBe('setting = 1');
    const [kept, ...others] = await readdir(host.originals);
    expect(others).toEqual([]);
    expect(await readFile(join(host.originals, kept ?? ''), 'utf8')).toBe('theirs');
    expect((await lstat(join(host.originals, kept ?? ''))).mode & 0o777).toBe(0o600);

    const empty = await host.versionOf('v2', { README: 'empty' });
    const { plan } = await host.plan(empty, first);
    for (const step of [...plan.after, ...plan.gone]) await host.run('twice', [step, step]);
    await rm(host.at('var'), { recursive: true });
    expect(await snapshotOfTree(host.root)).toEqual(before);
  });

  directoryTest('makes every unit wait for the mount of what it runs from', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    const dropIn = host.at('etc/systemd/system/op.service.d/10-goldstream.conf');
    const first = await host.integrate(await host.versionOf('v1'));
    expect(await readFile(dropIn, 'utf8')).toMatch(
      /^\[Unit\]\nRequires=goldstream-mount@op-dbus\.service\nAfter=goldstream-mount@op-dbus\.service$/m,
    );
    expect(await lstat(dropIn)).toMatchObject({ mode: 0o100644, uid: 0, gid: 0 });

    await writeFile(join(dirname(dropIn), '50-operator.conf'), '');
    await host.integrate(await host.versionOf('v2', { README: 'empty' }), first);
    expect(await readdir(dirname(dropIn))).toEqual(['50-operator.conf']);
  });

  directoryTest('brings back a drop-in that is missing', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    const version = await host.versionOf('v1');
    const first = await host.integrate(version);
    await rm(host.at('etc/systemd/system/op.service.d'), { recursive: true });
    const { plan } = await host.integrate(version, first);
    expect(plan.after.map(({ says }) => says)).toEqual(['copy /etc/systemd/system/op.service.d/10-goldstream.conf']);
  });

  directoryTest('leaves a unit disabled that an operator disabled', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    const version = await host.versionOf('v1');
    const first = await host.integrate(version);
    await systemctlFor(systemRunner, host.root).disable(['op.service']);
    const { plan } = await host.plan(version, first);
    expect(plan).toMatchObject({ after: [], enabled: ['op.service'] });
    expect(plan.notes).toEqual(['op.service was disabled on this host and stays so']);
  });
});

describe('what integration refuses, changing nothing', () => {
  const refuses = (name: string, code: string, spoil: (host: Awaited<ReturnType<typeof hostIn>>) => Promise<void>) => {
    directoryTest(name, async ({ temporaryDirectory }) => {
      const host = await hostIn(temporaryDirectory);
      const version = await host.versionOf('v1');
      await spoil(host);
      await expectUnchanged(temporaryDirectory, async () => {
        await expect(host.integrate(version)).rejects.toMatchObject({ code });
      });
    });
  };

  refuses('a directory on the way that is a link out of the root', 'TARGET_OUTSIDE_ROOT', async ({ at }) => {
    await mkdir(at('usr'));
    await mkdir(at('../outside'));
    await symlink('../../outside', at('usr/local'));
  });
  refuses('links on the way that lead in a circle', 'TARGET_OUTSIDE_ROOT', async ({ at }) => {
    await symlink('usr', at('usr'));
  });
  refuses('a directory on the way that leads into a deployment', 'TARGET_OUTSIDE_ROOT', async ({ at }) => {
    await symlink('/var/lib/op-dbus/live/0001/root', at('usr'));
  });
  refuses('a file on the way', 'TARGET_CONFLICT', async ({ at }) => {
    await writeFile(at('usr'), '');
  });
  refuses('a target that is a directory', 'TARGET_CONFLICT', async ({ at }) => {
    await mkdir(at('usr/local/bin/op'), { recursive: true });
  });
  refuses('a target that is somebody else’s file', 'TARGET_CONFLICT', async ({ at }) => {
    await mkdir(at('etc/op'));
    await writeFile(at('etc/op/op.conf'), 'foreign');
  });
  refuses('an owner that the tree does not know', 'TARGET_UNKNOWN_OWNER', async ({ at }) => {
    await writeFile(at('etc/group'), 'root:x:0:\n');
  });
  refuses('an owner that the tree does not know, also of a link', 'TARGET_UNKNOWN_OWNER', async ({ at }) => {
    const manifest = MANIFEST.replace('bin/op, type: symlink', 'bin/op, type: symlink, owner: nobody-here');
    await writeFile(at('../v1/core/manifest.yaml'), manifest);
  });
  refuses('a file that its version does not have', 'DEPLOY_INCOMPLETE_TREE', async ({ at }) => {
    await rm(at('../v1/core/op.service'));
  });
  refuses('a link in place of a file to copy', 'DEPLOY_INCOMPLETE_TREE', async ({ at }) => {
    await rm(at('../v1/core/op.service'));
    await symlink('/etc/shadow', at('../v1/core/op.service'));
  });
  refuses('a folder of the version that leads out of it', 'TARGET_OUTSIDE_ROOT', async ({ at }) => {
    await rm(at('../v1/core/etc'), { recursive: true });
    await symlink('../../root/etc', at('../v1/core/etc'));
  });
  refuses('a manifest that is a link', 'DEPLOY_INCOMPLETE_TREE', async ({ at }) => {
    await rm(at('../v1/core/manifest.yaml'));
    await symlink('/etc/passwd', at('../v1/core/manifest.yaml'));
  });

  directoryTest('but takes absolute links on the way from the root', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    await symlink('/srv/local', host.at('usr'));
    await symlink('/srv/op', host.at('etc/op'));
    await host.integrate(await host.versionOf('v1'));
    expect(await readdir(host.at('srv/local/local/bin'))).toEqual(['op']);
    expect(await readdir(host.at('srv/op'))).toEqual(['op.conf', 'own.conf']);
  });
});

describe('a system that changes between plan and execution', () => {
  directoryTest('stops at a target that somebody took meanwhile', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    const { plan } = await host.plan(await host.versionOf('v1'), NOTHING_BEFORE);
    await write(host.root, { 'etc/op/op.conf': 'foreign' });
    const failed = host.run('all', [...plan.before, ...plan.after]);
    await expect(failed).rejects.toMatchObject({ code: 'PLAN_STEP_FAILED', cause: { code: 'TARGET_CONFLICT' } });
    expect(await readFile(host.at('etc/op/op.conf'), 'utf8')).toBe('foreign');
  });

  directoryTest('stops at a source that is not what was planned', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    const version = await host.versionOf('v1');
    const { plan } = await host.plan(version, NOTHING_BEFORE);
    await writeFile(join(version, 'core/etc/op.conf'), 'other');
    const failed = host.run('all', [...plan.before, ...plan.after]);
    await expect(failed).rejects.toMatchObject({ cause: { code: 'DEPLOY_INCOMPLETE_TREE' } });
    expect(await readdir(host.at('etc/op'))).toEqual([]);
  });

  directoryTest('does not remove what was edited meanwhile', async ({ temporaryDirectory }) => {
    const host = await hostIn(temporaryDirectory);
    const first = await host.integrate(await host.versionOf('v1'));
    const { plan } = await host.plan(await host.versionOf('v2', { README: 'empty' }), first);
    await chmod(host.at('etc/op/op.conf'), 0o600);
    await host.run('gone', plan.gone);
    expect(await readdir(host.at('etc/op'))).toEqual(['op.conf']);
  });
});
