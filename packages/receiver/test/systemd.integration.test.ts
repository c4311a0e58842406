import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { IN_HOST, type SystemdTarget, targetTest } from './systemd-target.ts';

const OPEN_VSWITCH = ['openvswitch.service', 'ovsdb-server.service', 'ovs-vswitchd.service'] as const;
const UNITS = [
  ...OPEN_VSWITCH,
  'dbus-cache-warmup.timer',
  'dbus-mcp.socket',
  'dbus-mcp.service',
  'ledger.service',
] as const;
const POOL = '/var/lib/op-dbus';

describe('a deployment on a host where systemd runs', () => {
  targetTest('starts its units, and an upgrade restarts those that it concerns', async ({ target }) => {
    await target.do('deploy', 'v1.0.0');
    expect(await target.states(...UNITS)).toEqual(UNITS.map(() => 'active'));
    for (const unit of ['openvswitch.service', 'dbus-cache-warmup.timer', 'dbus-mcp.socket', 'ledger.service']) {
      expect(await target.property(unit, 'UnitFileState'), unit).toBe('enabled');
    }
    expect(await answer(target, '/health')).toMatch(/ok/);
    const first = await target.invocations(...UNITS);

    const upgraded = await target.run('upgrade', 'v1.0.0', 'v1.1.0');
    expect(upgraded).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('stop ledger.service') });
    const second = await target.invocations(...UNITS);
    expect(changed(first, second)).toEqual(['dbus-mcp.service', 'ledger.service']);
    expect(await answer(target, '/')).toBe('the page of v1.1.0\n');
    await expectNoLineLost(target);

    await target.do('rollback');
    expect(changed(second, await target.invocations(...UNITS))).toEqual(['dbus-mcp.service', 'ledger.service']);
    expect(await target.states(...UNITS)).toEqual(UNITS.map(() => 'active'));
    expect(await answer(target, '/')).not.toBe('the page of v1.1.0\n');
    await expectNoLineLost(target);
  });

  targetTest('goes back by itself from a version whose service does not start', async ({ target }) => {
    await target.do('deploy', 'v1.0.0');

    const failed = await target.run('upgrade', 'v1.2.0');

    expect(failed).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('DEPLOY_UNHEALTHY') });
    expect(failed.stderr).toContain('v1.2.0 failed (dbus-mcp.service did not start): going back to v1.0.0');
    expect(await target.states(...UNITS)).toEqual(UNITS.map(() => 'active'));
    expect(await answer(target, '/health')).toMatch(/ok/);
    expect(await status(target)).toMatchObject({
      active: { number: 1, version: 'v1.0.0', state: 'good' },
      others: [{ number: 2, version: 'v1.2.0', state: 'bad' }],
      blocked: [{ version: 'v1.2.0', reason: 'dbus-mcp.service did not start' }],
    });

    expect(await target.do('deploy')).toContain('v1.1.0 is active');
    expect(await target.run('deploy')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing to do') });
  });

  targetTest('is not taken from somebody who writes to it by hand', async ({ target }) => {
    await target.do('deploy', 'v1.0.0');
    const started = await target.host.run(['sh', '-c', `${holding('by-hand')} & echo $!`]);
    const writer = started.stdout.trim();

    const refused = await target.run('upgrade', 'v1.1.0');

    expect(refused).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('DEPLOY_WRITERS') });
    expect(refused.stderr).toMatch(/sleep \(process \d+\)/);
    expect(await status(target)).toMatchObject({ active: { version: 'v1.0.0', mounted: true } });
    expect(await target.states(...UNITS)).toEqual(UNITS.map(() => 'active'));
    await target.host.run(['kill', writer]);
    await target.do('upgrade', 'v1.1.0');
  });

  targetTest('is there again after a reboot, once it is mounted', async ({ target }) => {
    await target.do('deploy', 'v1.0.0');
    await target.host.run(['tee', `${POOL}/current/root/edit`], { input: 'kept' });
    await mountAtBoot(target);

    await target.host.reboot();

    expect(await target.states(...UNITS)).toEqual(UNITS.map(() => 'active'));
    expect(await answer(target, '/health')).toMatch(/ok/);
    expect(await target.host.run(['cat', `${POOL}/current/root/edit`])).toMatchObject({ stdout: 'kept' });
    expect(await status(target)).toMatchObject({ active: { number: 1, mounted: true }, attention: [] });
    await target.do('upgrade', 'v1.1.0');
    await expectNoLineLost(target);
  });
});

function changed<Unit extends string>(before: Record<Unit, string>, after: Record<Unit, string>): string[] {
  return Object.keys(before).filter((unit) => before[unit as Unit] !== after[unit as Unit]);
}

/** What the MCP server says, over the socket that systemd holds. */
async function answer({ host }: SystemdTarget, path: string): Promise<string> {
  const program = 'import sys, urllib.request as web; print(web.urlopen(sys.argv[1]).read().decode(), end="")';
  return (await host.run(['python3', '-c', program, `http://127.0.0.1:8765${path}`])).stdout;
}

/** Every acknowledged line is in the active deployment, once: a lost one would have been numbered again. */
async function expectNoLineLost({ host }: SystemdTarget): Promise<void> {
  const numbers = async (path: string) => (await host.run(['cat', path])).stdout.split('\n').slice(0, -1).map(Number);
  const acknowledged = await numbers('/srv/acknowledged');
  const lines = await numbers(`${POOL}/current/root/stage-9-ledger/lines`);
  expect(lines).toEqual(lines.map((_, index) => index + 1));
  expect(new Set(acknowledged).size).toBe(acknowledged.length);
  expect(acknowledged.at(-1)).toBeLessThanOrEqual(lines.length);
}

async function status(target: SystemdTarget): Promise<unknown> {
  return JSON.parse(await target.do('status', '--json'));
}

/** A shell's words for a program that holds a file of the active deployment open for writing. */
function holding(name: string): string {
  return `sleep infinity 3>> ${POOL}/current/root/${name} > /dev/null 2>&1`;
}

/** What a host does at boot with nothing but the command `mount`. */
async function mountAtBoot({ host }: SystemdTarget): Promise<void> {
  const { stdout } = await host.run(['sh', '-c', 'command -v node']);
  const [, ...args] = IN_HOST;
  const unit = `[Unit]
DefaultDependencies=no
After=local-fs.target
Before=sysinit.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${stdout.trim()} ${args.join(' ')} mount
`;
  const directory = join(host.root, 'etc/systemd/system');
  await writeFile(join(directory, 'mount-at-boot.service'), unit);
  await mkdir(join(directory, 'sysinit.target.wants'), { recursive: true });
  await symlink('../mount-at-boot.service', join(directory, 'sysinit.target.wants/mount-at-boot.service'));
}
