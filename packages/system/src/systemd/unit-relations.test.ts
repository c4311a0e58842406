import { recordingRunner } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { loadedInstances, startedAfter, templateOf } from './unit-relations.ts';

describe('startedAfter', () => {
  it('asks systemd once, and keeps answers and units together', async () => {
    const runner = recordingRunner({ systemctl: 'After=b.service basic.target\n\nAfter=\n\nAfter=sysinit.target\n' });
    expect([...(await startedAfter(runner, ['a.service', 'x.service', 'b.service']))]).toEqual([
      ['a.service', ['b.service', 'basic.target']],
      ['x.service', []],
      ['b.service', ['sysinit.target']],
    ]);
    expect(runner.lines).toEqual(['systemctl show --property=After -- a.service x.service b.service']);
  });

  it('does not guess when systemd told of other units', async () => {
    await expect(
      startedAfter(recordingRunner({ systemctl: 'After=a\n' }), ['a.service', 'b.service']),
    ).rejects.toMatchObject({
      code: 'TOOL_FAILED',
    });
  });
});

describe('loadedInstances', () => {
  it('lists what runs of a template', async () => {
    const runner = recordingRunner({ systemctl: '[{"unit":"w@a.service","load":"loaded"},{"unit":"w@b.service"}]' });
    expect(await loadedInstances(runner, ['w@.service'])).toEqual(['w@a.service', 'w@b.service']);
    expect(runner.lines).toEqual(['systemctl list-units --all --output=json -- w@*.service']);
  });

  it.each(['{}', '[{"name":"w@a.service"}]', '[null]'])('does not take %s for an answer', async (stdout) => {
    await expect(loadedInstances(recordingRunner({ systemctl: stdout }), ['w@.service'])).rejects.toMatchObject({
      code: 'TOOL_FAILED',
    });
  });
});

describe('templateOf', () => {
  it.each([
    ['getty@tty1.service', 'getty@.service'],
    ['w@a.b-c.timer', 'w@.timer'],
    ['w@.service', undefined],
    ['w.service', undefined],
  ])('of %s is %s', (unit, template) => {
    expect(templateOf(unit)).toBe(template);
  });
});
