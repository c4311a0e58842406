import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemdTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import type { ListedSnapshot } from '../src/stage/list-snapshots.ts';
import type { ListedStage } from '../src/stage/list-stages.ts';
import { crashAt } from './crash-at.ts';
import { STAGES } from './stage-recipe.ts';
import { answer } from './systemd-questions.ts';
import { type SystemdTarget, targetOn } from './systemd-target.ts';

const GOLDEN = fileURLToPath(new URL('../../../golden', import.meta.url));
const RECIPE = ['--recipe', '/srv/golden'] as const;
/** Several starts of a whole host, on a machine that may be busy with others. */
const PATIENCE_MS = 900_000;

const UNITS = [
  'openvswitch.service',
  'ovsdb-server.service',
  'ovs-vswitchd.service',
  'dbus-cache-warmup.timer',
  'dbus-mcp.socket',
  'dbus-mcp.service',
] as const;
const ALL_ACTIVE = UNITS.map(() => 'active');
const SERVER = 'stage-5-mcp-server';

describe('the staging layout on a host where systemd runs', { timeout: PATIENCE_MS }, () => {
  systemdTest('deploys, rolls back and puts back the components of Operation D-Bus', async ({ systemdHost }) => {
    const stages = await staged(targetOn(systemdHost));
    const { target } = stages;

    await target.do('stage', 'init', ...RECIPE);
    expect(await stages.states()).toEqual(STAGES.map(() => 'available'));
    await target.do('stage', 'deploy', '--all', ...RECIPE);
    expect(await target.states(...UNITS)).toEqual(ALL_ACTIVE);
    expect(await stages.states()).toEqual(STAGES.map(() => 'deployed'));
    expect(await answer(target, '/health')).toMatch(/ok/);
    await target.do('stage', 'verify');

    await target.host.reboot();

    expect(await target.states(...UNITS)).toEqual(ALL_ACTIVE);
    expect(await stages.states()).toEqual(STAGES.map(() => 'deployed'));
    await target.do('stage', 'verify');
    const again = await target.run('stage', 'deploy', '--all', ...RECIPE);
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing to do') });

    // Another page: its service is restarted, those of the other stages are not.
    const first = await answer(target, '/');
    const before = await target.invocations(...UNITS);
    await stages.write(`${SERVER}/web/index.html`, 'the page of the next version\n');
    expect(await stages.states()).toEqual([...STAGES.slice(0, 4).map(() => 'deployed'), 'outdated']);
    await target.do('stage', 'deploy', '5', ...RECIPE);
    expect(await answer(target, '/')).toBe('the page of the next version\n');
    expect(changed(before, await target.invocations(...UNITS))).toEqual(['dbus-mcp.service']);

    // Back, while the service runs and somebody reads: there is a page at every instant.
    const reader = await stages.readWithoutPause('/var/www/op-dbus-mcp/index.html');
    await target.do('stage', 'rollback', 'stage-5');
    expect(await reader.missed()).toEqual([]);
    expect(await answer(target, '/')).toBe(first);
    expect(await target.states(...UNITS)).toEqual(ALL_ACTIVE);
    await target.do('stage', 'verify');

    // A command that verifies it fails, then its service does: nothing of either stays.
    const kept = await stages.snapshots();
    await stages.write(`${SERVER}/bin/mcp-chat`, '#!/bin/sh\nexit 1\n');
    const refused = await target.run('stage', 'deploy', '5', ...RECIPE);
    expect(refused).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('STAGE_VERIFY_FAILED') });
    await stages.write(`${SERVER}/bin/dbus-mcp`, '#!/bin/sh\nexit 1\n');
    const broken = await target.run('stage', 'deploy', '5', ...RECIPE);
    expect(broken).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('DEPLOY_UNHEALTHY') });
    expect(await answer(target, '/')).toBe(first);
    expect(await target.states(...UNITS)).toEqual(ALL_ACTIVE);
    expect(await stages.snapshots()).toEqual(expect.arrayContaining(kept));
    await target.do('stage', 'verify');

    // The power goes right after the switch: before services start, the stage is what it was.
    await crashAt(target, { after: `switch ${SERVER}` }, 'stage', 'deploy', '5', ...RECIPE);
    await target.host.boot();
    expect(await answer(target, '/')).toBe(first);
    expect(await target.states(...UNITS)).toEqual(ALL_ACTIVE);
    expect(await stages.snapshots()).toEqual(expect.arrayContaining(kept));

    await target.host.run(['tee', '-a', '/etc/op-dbus/mcp-config.json'], { input: ' ' });
    expect(await stages.states()).toContain('modified');
    await target.do('stage', 'verify');
    await target.host.run(['systemctl', 'kill', '--signal=KILL', '--kill-whom=all', 'dbus-mcp.service']);
    await target.host.run(['rm', '/usr/local/bin/mcp-chat']);
    expect(await stages.states()).toContain('failed');
    const wrong = await target.run('stage', 'verify', '5');
    expect(wrong).toMatchObject({ exitCode: 8, stdout: expect.stringMatching(/mcp-chat +not there +failed/) });

    // All the way back: nothing of it is left, and the others run on.
    await target.do('stage', 'rollback', '5', '--to', kept.find((name) => name.startsWith('pre-stage-5')) ?? '');
    expect(await target.property('dbus-mcp.service', 'LoadState')).toBe('not-found');
    expect(await target.states(...UNITS.slice(0, 4))).toEqual(ALL_ACTIVE.slice(0, 4));
    const places = ['/var/www', '/usr/local/bin', '/etc/op-dbus', '/etc/systemd/system'];
    const left = await target.host.run(['find', ...places, '-name', '*mcp*'], { accept: [0, 1] });
    // The configuration was changed by hand: it is the operator's.
    expect(left.stdout).toBe('/etc/op-dbus/mcp-config.json\n');
    await target.do('stage', 'verify');
  });
});

async function staged(target: SystemdTarget) {
  const { root } = target.host;
  await cp(GOLDEN, join(root, 'srv/golden'), { recursive: true });
  await target.do('--app', 'op-dbus', 'prepare');
  // Both print exactly these documents.
  const list = async () => JSON.parse(await target.do('stage', 'list', '--json', ...RECIPE)) as ListedStage[];
  const snapshots = async () => JSON.parse(await target.do('stage', 'snapshots', '--json')) as ListedSnapshot[];
  return {
    target,
    states: async () => (await list()).map(({ state }) => state),
    snapshots: async () => (await snapshots()).map(({ name }) => name),
    write: async (path: string, content: string) => {
      await mkdir(dirname(join(root, 'srv/golden', path)), { recursive: true });
      await writeFile(join(root, 'srv/golden', path), content);
    },
    readWithoutPause: (path: string) => readWithoutPause(target, path),
  };
}

/** A process in the host that reads a file again and again, and notes when it is not there. */
async function readWithoutPause({ host }: SystemdTarget, path: string) {
  const program = [
    'import sys',
    'with open("/srv/missed", "w") as missed:',
    '    while True:',
    '        try:',
    '            open(sys.argv[1]).read()',
    '        except OSError as error:',
    '            print(error, file=missed, flush=True)',
  ].join('\n');
  const unit = 'reader.service';
  await host.run(['systemd-run', '--quiet', `--unit=${unit}`, 'python3', '-c', program, path]);
  return {
    missed: async () => {
      await host.run(['systemctl', 'stop', unit]);
      return (await readFile(join(host.root, 'srv/missed'), 'utf8')).split('\n').filter((line) => line !== '');
    },
  };
}

function changed<Unit extends string>(before: Record<Unit, string>, after: Record<Unit, string>): string[] {
  return Object.keys(before).filter((unit) => before[unit as Unit] !== after[unit as Unit]); // Its own keys.
}
