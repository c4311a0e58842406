import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HealthCheck, HealthRule } from '@goldstream/component';
import { hasOwner, type Runner, systemRunner, unitFacts } from '@goldstream/system';
import { type SystemdHost, systemdTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { monotonicClock } from '../src/health/clock.ts';
import { type Demand, demandHealth } from '../src/health/demand-health.ts';

const UNITS: Readonly<Record<string, string>> = {
  'steady.service': '[Service]\nExecStart=sleep infinity\n',
  'endless.service': '[Service]\nType=notify\nTimeoutStartSec=infinity\nExecStart=sleep infinity\n',
  'broken.service': '[Service]\nExecStart=false\n',
  'restless.service': '[Service]\nExecStart=false\nRestart=always\nRestartSec=20ms\n[Unit]\nStartLimitIntervalSec=0\n',
  'done.service': '[Service]\nType=oneshot\nExecStart=true\n',
  'short.service': '[Service]\nExecStart=true\n',
  'left-out.service':
    '[Unit]\nConditionPathExists=/nonexistent\n[Service]\nExecStart=sleep infinity\n[Install]\nWantedBy=multi-user.target\n',
  'resting.service': '[Service]\nExecStart=sleep infinity\n',
  'resting.socket': '[Socket]\nListenStream=/run/resting.sock\n',
};

const RULE: HealthRule = {
  check: undefined,
  timeoutMs: 60_000,
  intervalMs: 50,
  startIntervalMs: 50,
  retries: 3,
  startPeriodMs: 0,
  stableMs: 100,
  deadlineMs: 600_000,
};

/** The programs of the host. */
function runnerIn(host: SystemdHost): Runner {
  return {
    ...systemRunner,
    run: (command, options) => host.run(command, options),
    capture: async (command, options) => (await host.run(command, options)).stdout,
  };
}

describe('health on a host where systemd runs', () => {
  systemdTest('is that of the units, whatever they do', async ({ systemdHost: host }) => {
    const runner = runnerIn(host);
    await mkdir(join(host.root, 'etc/systemd/system'), { recursive: true });
    for (const [unit, text] of Object.entries(UNITS))
      await writeFile(join(host.root, 'etc/systemd/system', unit), text);
    await host.run(['systemctl', 'daemon-reload']);
    // What nothing refers to is forgotten once it ends.
    await host.run(['systemctl', '--quiet', 'enable', 'left-out.service']);
    const started = Object.keys(UNITS).filter((unit) => unit !== 'resting.service');
    await host.run(['systemctl', 'start', '--no-block', ...started]);

    const healthOf = (unit: string, rule: Partial<HealthRule> = {}, demand: Demand = 'stable') =>
      demandHealth({ runner, clock: monotonicClock }, [{ unit, health: { ...RULE, ...rule } }], {
        demand,
        signal: new AbortController().signal,
      });
    const because = (message: RegExp) => ({ code: 'DEPLOY_UNHEALTHY', message: expect.stringMatching(message) });
    // Started at the same time as the others, it may be looked at before systemd came to it.
    const patient = { startPeriodMs: 60_000 };

    for (const unit of ['steady.service', 'done.service', 'left-out.service', 'resting.service', 'resting.socket']) {
      await expect(healthOf(unit, patient)).resolves.toBeUndefined();
    }
    await expect(healthOf('broken.service')).rejects.toMatchObject(because(/^broken\.service failed \(exit-code\)$/));
    await expect(healthOf('restless.service')).rejects.toMatchObject(because(/by itself.*systemd.*start/));
    await expect(healthOf('short.service')).rejects.toMatchObject(because(/is not running/));
    await expect(healthOf('missing.service')).rejects.toMatchObject(because(/systemd says not-found$/));
    // No time limit of systemd ends this one.
    await expect(unlessUnseen((deadlineMs) => healthOf('endless.service', { deadlineMs }))).rejects.toMatchObject(
      because(/^endless\.service was not stable within [\d.]+ s: it is still starting \(start\)$/),
    );

    const owns = (name: string): HealthCheck => ({ kind: 'dbus', name });
    await healthOf('steady.service', { check: owns('org.freedesktop.systemd1') });
    await expect(healthOf('steady.service', { check: owns('org.example.Nobody') })).rejects.toMatchObject(
      because(/does not own org\.example\.Nobody on the system bus/),
    );
    expect(await hasOwner(runner, 'org.freedesktop.DBus', { timeoutMs: 60_000 })).toBe(true);

    const [service, socket] = await unitFacts(runner, ['resting.service', 'resting.socket']);
    expect(service).toMatchObject({ activeState: 'inactive', triggeredBy: ['resting.socket'] });
    expect(socket).toMatchObject({ activeState: 'active', subState: 'listening', serviceType: undefined });
  });
});

/** With a longer deadline each time, until it left room for a look: a busy machine may not have had one by the first. */
async function unlessUnseen(use: (deadlineMs: number) => Promise<void>, deadlineMs = 500): Promise<void> {
  try {
    await use(deadlineMs);
  } catch (error) {
    if (!/: it cannot be judged/.test(String(error))) throw error;
    await unlessUnseen(use, 2 * deadlineMs);
  }
}
