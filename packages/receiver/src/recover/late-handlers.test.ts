import type { Systemctl } from '@goldstream/system';
import { describe, expect, it } from 'vitest';
import { LAYOUT } from '../../test/host-facts.ts';
import type { Tools } from '../host/tools.ts';
import { lateHandlers } from './late-handlers.ts';
import type { RecoverStep } from './step.ts';

const UNITS = ['never-up.service', 'web.service'];

describe('recovery after services were started', () => {
  it.each([
    { kind: 'start-units', says: '', units: UNITS },
    { kind: 'try-units', says: '', verb: 'start', units: UNITS },
  ] as const)('has systemd start units and waits for none: $kind', async (step) => {
    const asked: string[] = [];
    const systemctl: Partial<Systemctl> = {
      resetFailed: async (units) => void asked.push(`reset-failed ${units}`),
      begin: async (units) => void asked.push(`begin ${units}`),
    };
    // These steps look at nothing else.
    const handlers = lateHandlers({ systemctl, layout: LAYOUT } as unknown as Tools);
    const handle = handlers[step.kind] as (step: RecoverStep) => Promise<void>;
    await handle(step);
    expect(asked).toEqual([`reset-failed ${UNITS}`, `begin ${UNITS}`]);
  });
});
