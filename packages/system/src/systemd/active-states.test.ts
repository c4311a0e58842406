import { recordingRunner } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { activeStates } from './active-states.ts';

describe('activeStates', () => {
  it('asks for all at once, but for templates, of which systemctl says nothing', async () => {
    const runner = recordingRunner({ systemctl: { exitCode: 3, stdout: 'active\nfailed\n' } });
    expect([...(await activeStates(runner, ['a.service', 't@.service', 'b.service']))]).toEqual([
      ['a.service', 'active'],
      ['t@.service', 'inactive'],
      ['b.service', 'failed'],
    ]);
    expect(runner.lines).toEqual(['systemctl is-active a.service b.service']);
    expect([...(await activeStates(recordingRunner(), ['t@.service']))]).toEqual([['t@.service', 'inactive']]);
  });

  it('takes no answer that is about other units', async () => {
    const runner = recordingRunner({ systemctl: { exitCode: 3, stdout: 'active\n' } });
    await expect(activeStates(runner, ['a.service', 'b.service'])).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });
});
