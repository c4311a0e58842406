import { recordingRunner } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { unitFacts } from './unit-facts.ts';

const SERVICE = `Type=notify
NRestarts=2
Result=success
TriggeredBy=web.socket web.timer
LoadState=loaded
ActiveState=active
SubState=running
ConditionResult=yes
ConditionTimestampMonotonic=9712103
`;
const TARGET = `LoadState=loaded
ActiveState=inactive
SubState=dead
ConditionResult=no
ConditionTimestampMonotonic=0
`;

describe('unitFacts', () => {
  it('asks once for all units, and knows which answer is whose', async () => {
    const runner = recordingRunner({ systemctl: `${SERVICE}\n${TARGET}` });
    expect(await unitFacts(runner, ['web.service', 'some.target'])).toEqual([
      {
        unit: 'web.service',
        loadState: 'loaded',
        activeState: 'active',
        subState: 'running',
        result: 'success',
        serviceType: 'notify',
        restarts: 2,
        triggeredBy: ['web.socket', 'web.timer'],
        skipped: false,
      },
      {
        unit: 'some.target',
        loadState: 'loaded',
        activeState: 'inactive',
        subState: 'dead',
        result: 'success',
        serviceType: undefined,
        restarts: 0,
        triggeredBy: [],
        skipped: false,
      },
    ]);
    expect(runner.lines).toEqual([expect.stringMatching(/^systemctl show --property=\S+ -- web.service some.target$/)]);
  });

  it('knows a unit that its conditions left out', async () => {
    const skipped = TARGET.replace('Monotonic=0', 'Monotonic=12');
    expect(await unitFacts(recordingRunner({ systemctl: skipped }), ['a.service'])).toMatchObject([{ skipped: true }]);
  });

  it('asks nothing about no units', async () => {
    expect(await unitFacts(recordingRunner(), [])).toEqual([]);
  });

  it.each([
    ['answers that are fewer than units', SERVICE],
    ['an answer that lacks what was asked for', `${SERVICE}\nLoadState=loaded\n`],
  ])('refuses %s', async (_, systemctl) => {
    await expect(unitFacts(recordingRunner({ systemctl }), ['a.service', 'b.service'])).rejects.toMatchObject({
      code: 'TOOL_FAILED',
    });
  });
});
