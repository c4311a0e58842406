import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { crashAt } from './crash-at.ts';
import { answer, expectNoLineLost, status } from './systemd-questions.ts';
import { type SystemdTarget, targetTest, UNITS } from './systemd-target.ts';

const POOL = '/var/lib/op-dbus';
/** Several starts of a whole host, on a machine that may be busy with others. */
const PATIENCE_MS = 600_000;
const MOUNT = 'goldstream-mount@op-dbus.service';
const RECOVER = 'goldstream-recover@op-dbus.service';

describe('a host that starts', { timeout: PATIENCE_MS }, () => {
  targetTest('runs what was active again, with no network, and nothing before it is mounted', async ({ target }) => {
    await target.do('deploy', 'v1.0.0');
    await target.do('upgrade', 'v1.1.0');
    await target.host.run(['tee', `${POOL}/current/root/edit`], { input: 'kept' });

    await target.host.reboot();

    expect((await target.host.run(['ls', '/sys/class/net'])).stdout).toBe('lo\n');
    expect(await target.states(...UNITS)).toEqual(UNITS.map(() => 'active'));
    expect(await answer(target, '/')).toBe('the page of v1.1.0\n');
    expect(await target.host.run(['cat', `${POOL}/current/root/edit`])).toMatchObject({ stdout: 'kept' });
    expect(await status(target)).toMatchObject({ active: { version: 'v1.1.0', mounted: true }, attention: [] });
    await expectMountedFirst(target);
    await target.do('upgrade', 'v1.3.0', '--dry-run');
    await target.do('rollback');
    await expectNoLineLost(target);
  });

  targetTest('has nothing to mount while nothing is deployed', async ({ target }) => {
    await target.host.reboot();

    expect(await target.states(MOUNT)).toEqual(['active']);
    expect(await target.property(RECOVER, 'Result')).toBe('success');
    expect((await target.host.run(['journalctl', '--boot', '--unit', MOUNT])).stdout).toContain('nothing to mount');
    const again = await target.run('--app', 'op-dbus', 'prepare');
    expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing to do') });
    expect(await checks(target)).toMatchObject({ boot: { verdict: 'ok' } });
  });

  targetTest('starts no service of a deployment that cannot be mounted', async ({ target }) => {
    await target.do('deploy', 'v1.0.0');
    await target.host.stop();
    await rename(join(target.host.pool, 'deploy/v1.0.0'), join(target.host.pool, 'deploy/elsewhere'));

    await target.host.boot('settled');

    expect(await target.states(MOUNT, 'ledger.service', 'dbus-mcp.socket')).toEqual(['failed', 'inactive', 'inactive']);
    expect(await target.states('multi-user.target')).toEqual(['active']);
  });
});

describe('a host that loses power during an upgrade', { timeout: PATIENCE_MS }, () => {
  targetTest('runs the old version or the new one, whole', async ({ target }) => {
    await target.do('deploy', 'v1.0.0');

    await crashAt(target, { before: 'switch from' }, 'upgrade', 'v1.1.0');
    await target.host.boot();
    await expectToRun(target, 'v1.0.0');

    await crashAt(target, { after: 'switch from' }, 'upgrade', 'v1.1.0');
    await target.host.boot();
    await expectToRun(target, 'v1.1.0');
    expect(await answer(target, '/')).toBe('the page of v1.1.0\n');

    await target.do('rollback');
    await crashAt(target, { before: 'look whether' }, 'upgrade', 'v1.1.0');
    await target.host.boot();
    await expectToRun(target, 'v1.1.0');
    await expectNoLineLost(target);
  });

  targetTest('goes back from a version whose service fails when the host is up again', async ({ target }) => {
    await target.do('deploy', 'v1.0.0');

    await crashAt(target, { after: 'switch from' }, 'upgrade', 'v1.2.0');
    await target.host.boot();

    await expectToRun(target, 'v1.0.0');
    const reason = expect.stringContaining('dbus-mcp.service');
    expect(await status(target)).toMatchObject({ blocked: [{ version: 'v1.2.0', reason }] });
  });

  targetTest('goes back before services start, after three starts that came to no end', async ({ target }) => {
    await target.do('deploy', 'v1.0.0');
    await crashAt(target, { after: 'switch from' }, 'upgrade', 'v1.3.0');

    for (const _ of ['first', 'second', 'third']) {
      await target.host.boot('reachable');
      await eventually('ledger.service is being started', async () =>
        (await target.states('ledger.service'))[0] === 'activating' ? true : undefined,
      );
      expect((await target.host.run(['readlink', `${POOL}/current`])).stdout).toBe('live/0002\n');
      await target.host.crash();
    }
    await target.host.boot();

    await expectToRun(target, 'v1.0.0');
    const reason = expect.stringContaining('3 starts');
    expect(await status(target)).toMatchObject({ blocked: [{ version: 'v1.3.0', reason }] });
  });
});

/** The host is up (`boot` has waited for `running`), everything is of that version, and nothing is left to be done. */
async function expectToRun(target: SystemdTarget, version: string): Promise<void> {
  expect(await target.states(...UNITS)).toEqual(UNITS.map(() => 'active'));
  expect(await answer(target, '/health')).toMatch(/ok/);
  expect(await status(target)).toMatchObject({ active: { version, state: 'good', mounted: true } });
  expect((await target.run('verify')).exitCode).toBe(0);
}

/** By the monotonic clock of process 1, which saw both. */
async function expectMountedFirst(target: SystemdTarget): Promise<void> {
  const mounted = Number(await target.property(MOUNT, 'ActiveEnterTimestampMonotonic'));
  expect(mounted).toBeGreaterThan(0);
  for (const unit of UNITS) {
    const started = Number(await target.property(unit, 'InactiveExitTimestampMonotonic'));
    expect(started, unit).toBeGreaterThan(mounted);
    expect((await target.property(unit, 'After')).split(' '), unit).toContain(MOUNT);
    expect((await target.property(unit, 'Requires')).split(' '), unit).toContain(MOUNT);
  }
  // The pool's own mount, which systemctl quotes and escapes.
  expect(await target.property(MOUNT, 'After')).toContain('local-fs.target');
  expect(await target.property(MOUNT, 'After')).toContain(String.raw`"var-lib-op\\x2ddbus.mount"`);
}

async function checks(target: SystemdTarget): Promise<Record<string, unknown>> {
  const { stdout } = await target.run('check', '--json');
  const { checks: all } = JSON.parse(stdout) as { readonly checks: readonly { readonly name: string }[] };
  return Object.fromEntries(all.map((check) => [check.name, check]));
}
