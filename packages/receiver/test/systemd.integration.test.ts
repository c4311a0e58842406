import { describe, expect } from 'vitest';
import { answer, expectNoLineLost, status } from './systemd-questions.ts';
import { targetTest, UNITS } from './systemd-target.ts';

const POOL = '/var/lib/op-dbus';
/** Releases are made once, within the first test that asks for them, on a machine that may be busy with others. */
const PATIENCE_MS = 600_000;

describe('a deployment on a host where systemd runs', { timeout: PATIENCE_MS }, () => {
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

    // Newer than what failed, and never started to an end: what is asked here is which older one is taken.
    await target.host.run(['rm', '-r', '/srv/releases/v1.3.0']);
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
});

function changed<Unit extends string>(before: Record<Unit, string>, after: Record<Unit, string>): string[] {
  return Object.keys(before).filter((unit) => before[unit as Unit] !== after[unit as Unit]);
}

/** A shell's words for a program that holds a file of the active deployment open for writing. */
function holding(name: string): string {
  return `sleep infinity 3>> ${POOL}/current/root/${name} > /dev/null 2>&1`;
}
