import { recordingRunner } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { systemctlFor } from './systemctl.ts';

describe('systemctlFor a tree', () => {
  it('enables and disables units in it, durably, and calls no daemon', async () => {
    const runner = recordingRunner({ systemctl: '', sync: '' });
    const tree = systemctlFor(runner, '/mnt/host');
    expect(tree.live).toBe(false);
    await tree.enable(['a.service', 'b.timer']);
    await tree.disable(['c.service']);
    await tree.daemonReload();
    for (const verb of ['start', 'stop', 'restart', 'resetFailed'] as const) await tree[verb](['a.service']);
    expect(runner.lines).toEqual([
      'systemctl --root=/mnt/host --quiet enable a.service b.timer',
      'sync --file-system /mnt/host/etc/systemd/system',
      'systemctl --root=/mnt/host --quiet disable c.service',
      'sync --file-system /mnt/host/etc/systemd/system',
    ]);
  });

  it('knows that nothing is active in it, without asking', async () => {
    const runner = recordingRunner();
    expect(await systemctlFor(runner, '/mnt/host').activeStates(['a.service'])).toEqual(
      new Map([['a.service', 'inactive']]),
    );
    expect(runner.lines).toEqual([]);
  });

  it('asks nothing about no units', async () => {
    const runner = recordingRunner();
    const tree = systemctlFor(runner, '/mnt/host');
    await tree.enable([]);
    expect([await tree.enabledStates([]), await tree.activeStates([])]).toEqual([new Map(), new Map()]);
    expect(runner.lines).toEqual([]);
  });
});

describe('enabledStates', () => {
  it('asks for all units at once when all are there', async () => {
    // systemctl ends with 1 when one of them is not enabled.
    const runner = recordingRunner({ systemctl: { exitCode: 1, stdout: 'enabled\nstatic\nmasked\n' } });
    const states = await systemctlFor(runner, '/mnt/host').enabledStates(['a.service', 'b.service', 'c.service']);
    expect([...states]).toEqual([
      ['a.service', 'enabled'],
      ['b.service', 'static'],
      ['c.service', 'masked'],
    ]);
    expect(runner.lines).toEqual(['systemctl --root=/mnt/host is-enabled a.service b.service c.service']);
  });

  it('asks for each when systemctl stopped at one that has no file', async () => {
    const runner = recordingRunner({
      'systemctl --root=/mnt/host is-enabled': { exitCode: 1, stdout: 'enabled\n', stderr: 'No such file' },
      'systemctl --root=/mnt/host is-enabled gone.service': { exitCode: 1, stderr: 'No such file' },
      'systemctl --root=/mnt/host is-enabled b.service': { exitCode: 1, stdout: 'disabled\n' },
    });
    const states = await systemctlFor(runner, '/mnt/host').enabledStates(['a.service', 'gone.service', 'b.service']);
    expect([...states]).toEqual([
      ['a.service', 'enabled'],
      ['gone.service', 'not-found'],
      ['b.service', 'disabled'],
    ]);
  });

  it('does not take a systemctl that failed otherwise for an answer', async () => {
    const runner = recordingRunner({ systemctl: { exitCode: 127 } });
    await expect(systemctlFor(runner, '/mnt/host').enabledStates(['a.service'])).rejects.toMatchObject({
      code: 'TOOL_FAILED',
    });
  });
});
