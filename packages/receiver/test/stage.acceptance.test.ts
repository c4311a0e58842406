import { access, chmod, lstat, mkdir, readFile, readlink, symlink, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ended, findSubvolume, systemRunner } from '@goldstream/system';
import { btrfsTest, snapshotOfTree } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import type { ListedSnapshot } from '../src/stage/list-snapshots.ts';
import type { ListedStage } from '../src/stage/list-stages.ts';
import { STAGES, type StageRecipe, stagedHost } from './stage-recipe.ts';
import { expectHostUnchanged, type TargetHost } from './target-host.ts';

const STAGING = '/var/lib/op-dbus/staging';
const PATIENCE = { timeout: 600_000 };

describe('the staging layout', () => {
  btrfsTest('goes from nothing to five stages, and back, one by one', PATIENCE, async ({ btrfs }) => {
    const { host, recipe } = await stagedHost(btrfs);
    const stage = stageCommands(host, recipe);
    const empty = await systemOf(host);

    await stage.do('init');
    const again = await expectHostUnchanged(host, () => stage.run('init'));
    expect(again).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('nothing to do') });
    for (const name of ['', ...STAGES]) {
      expect(await findSubvolume(systemRunner, host.at(join(STAGING, name))), name).toBeDefined();
    }
    expect(await stage.do('list')).toBe(STAGES.map((name) => `○ ${name.padEnd(27)}  [available]  1.0.0\n`).join(''));

    const rehearsed = await stage.do('deploy', '2', '1', '--dry-run');
    expect(rehearsed).toMatch(/keep stage-1-core-dbus .*\n(.*\n)*.*keep stage-2-introspection-cache /);
    await stage.do('deploy', 'stage-2', '1');
    expect(await stage.states()).toEqual(['deployed', 'deployed', 'available', 'available', 'available']);
    await stage.do('deploy', '--all');
    expect(await stage.do('list')).toBe(STAGES.map((name) => `✓ ${name.padEnd(27)}  [deployed]  1.0.0\n`).join(''));
    const nothing = await expectHostUnchanged(host, () => stage.run('deploy', '--all'));
    expect(nothing.stdout).toContain('nothing to do');

    // Every type of file is where it should be, as it should be.
    expect(await readlink(host.at('usr/local/bin/op-dbus'))).toBe(`${STAGING}/stage-1-core-dbus/bin/op-dbus`);
    expect(await readlink(host.at('var/cache/op-dbus'))).toBe(`${STAGING}/stage-2-introspection-cache/var/cache`);
    expect(await lstat(host.at('etc/openvswitch/system-type.conf'))).toMatchObject({ mode: 0o100644, uid: 0 });
    expect(await host.read('etc/systemd/system/dbus-mcp.socket')).toContain('[Socket]');
    await access(host.at(`${STAGING}/stage-5-mcp-server/.deployed`));
    await expect(access(host.at('etc/systemd/system/dbus-mcp.service.d'))).rejects.toMatchObject({ code: 'ENOENT' });
    await stage.do('verify');

    const snapshots = await stage.snapshots();
    expect(snapshots.map(({ name }) => name.replace(/\d{8}-\d{6}$/, 'TIME')).toSorted()).toEqual(
      [1, 2, 3, 4, 5].flatMap((number) => [`post-stage-${number}-TIME`, `pre-stage-${number}-TIME`]).toSorted(),
    );
    const after = snapshots.find(({ name }) => name.startsWith('post-stage-5'));
    expect(after).toMatchObject({ stage: STAGES[4], version: '1.0.0', purpose: 'post-stage', exclusiveBytes: 0 });
    expect(after?.referencedBytes).toBeGreaterThan(13_000);
    expect(await stage.do('snapshots')).toMatch(/REFERENCED +EXCLUSIVE/);

    for (const number of [5, 4, 3, 2, 1]) await stage.do('rollback', String(number));
    expect(await stage.states()).toEqual(STAGES.map(() => 'available'));
    expect(await systemOf(host)).toEqual(empty);
    await host.do('audit', 'verify');
  });

  btrfsTest(
    'takes another version of a stage, touching only what differs, and goes back',
    PATIENCE,
    async ({ btrfs }) => {
      const { host, recipe } = await stagedHost(btrfs);
      const stage = stageCommands(host, recipe);
      const tree = (path = '') => host.at(join(STAGING, STAGES[0], path));
      await recipe.write(`${STAGES[0]}/large`, 'x'.repeat(300_000));
      await stage.do('deploy', '--all');
      const others = await snapshotOfTree(tree('../stage-5-mcp-server/.'));
      const [cache, before] = [host.at('var/cache/op-dbus-entry'), await lstat(tree('large'))];
      await symlink(host.at(`${STAGING}/stage-2-introspection-cache/var/cache/entry`), cache);
      await writeFile(cache, 'of a service');

      await recipe.edit(`${STAGES[0]}/manifest.yaml`, 'version: 1.0.0', 'version: 1.1.0');
      await recipe.edit(`${STAGES[0]}/manifest.yaml`, 'cleanup:', 'services: []\ncleanup:');
      await recipe.write(`${STAGES[0]}/bin/op-dbus`, '#!/bin/sh\necho 1.1.0\n');
      expect(await stage.do('list')).toContain(`✓ ${STAGES[0].padEnd(27)}  [outdated]  1.0.0 → 1.1.0\n`);
      // What a service has put into a shared directory is no difference, and stays.
      expect((await stage.states())[1]).toBe('deployed');

      const deployed = await stage.run('deploy', STAGES[0]);
      expect(deployed).toMatchObject({ exitCode: 0 });
      expect(deployed.stderr).not.toContain('write large');
      expect((await lstat(tree('large'))).ino).toBe(before.ino);
      expect(await readFile(tree('bin/op-dbus'), 'utf8')).toContain('1.1.0');
      expect(await stage.states()).toEqual(STAGES.map(() => 'deployed'));

      await stage.do('rollback', '1');
      expect(await readFile(tree('bin/op-dbus'), 'utf8')).toContain('VERSION=1.0.0');
      expect((await stage.states())[0]).toBe('outdated');
      expect(await snapshotOfTree(tree('../stage-5-mcp-server/.'))).toEqual(others);
      expect(await readFile(cache, 'utf8')).toBe('of a service');
      await stage.do('verify');

      // Forward again, by name.
      const forward = (await stage.snapshots()).find(({ name }) => name.startsWith('pre-rollback-stage-1'))?.name ?? '';
      await host.do('pin', forward);
      await stage.do('rollback', '1', '--to', forward);
      expect(await readFile(tree('bin/op-dbus'), 'utf8')).toContain('1.1.0');
      expect((await stage.states())[0]).toBe('deployed');
      const kept = (await stage.snapshots()).find(({ name }) => name === forward)?.kept;
      expect(kept).toEqual(expect.arrayContaining(['as deployed', 'pinned']));
      expect(await stage.run('rollback', '1', '--to', forward)).toMatchObject({
        stdout: expect.stringContaining('nothing to do'),
      });
    },
  );

  btrfsTest('tells what was changed by hand, and what cannot work so', PATIENCE, async ({ btrfs }) => {
    const { host, recipe } = await stagedHost(btrfs);
    const stage = stageCommands(host, recipe);
    await stage.do('deploy', '--all');

    await writeFile(host.at('etc/op-dbus/network.json'), '{"mine": true}\n');
    await chmod(host.at('etc/openvswitch/default.conf'), 0o600);
    await writeFile(host.at(`${STAGING}/stage-5-mcp-server/web/index.html`), 'mine');
    expect(await stage.states()).toEqual(['deployed', 'deployed', 'deployed', 'modified', 'modified']);
    expect(await stage.run('verify')).toMatchObject({
      exitCode: 8,
      stdout: expect.stringMatching(
        /network\.json +changed by hand +known\n(.*\n)*.*web\/index\.html +content changed by hand +modified\n/,
      ),
    });

    // What is the operator's once it is there is no failure.
    expect(await stage.run('verify', '4')).toMatchObject({ exitCode: 0 });

    await unlink(host.at('usr/local/bin/mcp-chat'));
    await unlink(host.at('etc/openvswitch/system-type.conf'));
    expect((await stage.states()).slice(3)).toEqual(['failed', 'failed']);
    const verified = await stage.run('verify', 'stage-4', '5');
    expect(verified).toMatchObject({ exitCode: 8, stdout: expect.stringMatching(/mcp-chat +not there +failed/) });
    expect(await stage.run('verify', '1')).toMatchObject({ exitCode: 0 });

    // A deployment mends it, and leaves what is the operator's.
    await stage.do('deploy', '4', '5');
    await stage.do('verify');
    expect(await host.read('etc/op-dbus/network.json')).toBe('{"mine": true}\n');
    await stage.do('rollback', '4', '--to', (await firstOf(stage, 4)).name);
    expect(await host.read('etc/op-dbus/network.json')).toBe('{"mine": true}\n');
    await expect(access(host.at('etc/openvswitch/system-version.conf'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  btrfsTest('puts everything back when a stage cannot be deployed', PATIENCE, async ({ btrfs }) => {
    const { host, recipe } = await stagedHost(btrfs);
    const stage = stageCommands(host, recipe);
    await stage.do('deploy', '1', '2');
    await mkdir(dirname(host.at('etc/openvswitch/default.conf')), { recursive: true });
    await writeFile(host.at('etc/openvswitch/system-type.conf'), 'somebody else’s');
    // Of what is new, the stage's own place may stay.
    await stage.do('init');

    const refused = await expectHostUnchanged(host, () => stage.run('deploy', '4'));
    expect(refused).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('TARGET_CONFLICT') });
    expect(refused.stderr).toContain('/etc/openvswitch/system-type.conf');

    await stage.do('deploy', '4', '--adopt');
    expect(await host.read('etc/openvswitch/system-type.conf')).not.toContain('somebody');
    await stage.do('rollback', '4');
    expect(await host.read('etc/openvswitch/system-type.conf')).toBe('somebody else’s');
  });

  btrfsTest('says what it does not know, with the nearest name', PATIENCE, async ({ btrfs }) => {
    const { host, recipe } = await stagedHost(btrfs);
    const stage = stageCommands(host, recipe);
    expect(await stage.run('deploy', 'stage-3-numacache')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/STAGE_UNKNOWN(.*\n)*.*Write stage-3-numa-cache/),
    });
    expect(await stage.run('deploy', '5')).toMatchObject({
      exitCode: 8,
      stderr: expect.stringMatching(/STAGE_NEEDS_ANOTHER.*core-dbus/),
    });
    expect(await stage.run('deploy')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--all') });
    await stage.do('init');
    expect(await stage.run('rollback', 'stage-1')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('STAGE_UNKNOWN'),
    });
    expect(await stage.run('rollback', STAGES[0])).toMatchObject({
      exitCode: 8,
      stderr: expect.stringContaining('STAGE_NO_SNAPSHOT'),
    });
    expect(await script(host, 'list')).toMatchObject({ exitCode: 0, stdout: await stage.do('list') });
    expect(await script(host)).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('rollback STAGE') });
    expect(await host.run(['stage', 'list'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/STAGE_NO_RECIPE.*usr\/share\/goldstream\/op-dbus/),
    });
    expect(await stage.run('verify', '4')).toMatchObject({ exitCode: 2 });
  });
});

/** The commands of stages; those that take a recipe get this one. */
function stageCommands(host: TargetHost, recipe: StageRecipe) {
  const words = (command: string, args: readonly string[]) => [
    'stage',
    command,
    ...args,
    ...(['init', 'list', 'deploy'].includes(command) ? ['--recipe', recipe.folder] : []),
  ];
  const doIt = (command: string, ...args: readonly string[]) => host.do(...words(command, args));
  return {
    run: (command: string, ...args: readonly string[]) => host.run(words(command, args)),
    do: doIt,
    // They print exactly these documents.
    states: async () => (JSON.parse(await doIt('list', '--json')) as ListedStage[]).map(({ state }) => state),
    snapshots: async () => JSON.parse(await doIt('snapshots', '--json')) as ListedSnapshot[],
  };
}

async function firstOf(stage: ReturnType<typeof stageCommands>, number: number): Promise<ListedSnapshot> {
  const found = (await stage.snapshots()).find(({ name }) => name.startsWith(`pre-stage-${number}-`));
  if (found === undefined) throw new RangeError(`stage ${number} has no snapshot`);
  return found;
}

/** The launcher, with the recipe of this checkout. */
async function script({ root }: TargetHost, ...args: readonly string[]): Promise<Ended> {
  const path = fileURLToPath(new URL('../../../scripts/op-dbus-stage', import.meta.url));
  const words = args.length === 0 ? [] : [...args, '--root', root];
  return systemRunner.run([path, ...words], { accept: [...Array(256).keys()] });
}

/** Everything of the host outside the pool. */
async function systemOf(host: TargetHost): Promise<Readonly<Record<string, string>>> {
  const listing = await snapshotOfTree(host.root);
  return Object.fromEntries(Object.entries(listing).filter(([path]) => !path.startsWith('var/lib/op-dbus')));
}
