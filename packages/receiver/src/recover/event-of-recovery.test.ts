import { describe, expect, it } from 'vitest';
import { deployment } from '../../test/host-facts.ts';
import { subjectSchemaOf } from '../audit/event.ts';
import { eventOfRecovery } from './event-of-recovery.ts';
import type { Parties } from './parties.ts';

const OLD = deployment(1, 'v1.0.0');
const TRIED = deployment(2, 'v2.0.0', { state: 'staged' });

describe('eventOfRecovery', () => {
  it.each(['give-up', 'return'] as const)('tells of %s which deployment is active again, and after which', (action) => {
    const { event, subject, details } = eventOfRecovery(facts(action, { runs: OLD, left: TRIED }));
    expect({ event, subject }).toEqual({ event: 'return', subject: { version: 'v1.0.0', deployment: 1, previous: 2 } });
    expect(subjectSchemaOf(event)?.safeParse(subject)).toMatchObject({ success: true });
    expect(details).toEqual({ because: 'it failed' });
  });

  it('is a recovery where there is nothing to go back to, and where nobody goes back', () => {
    expect(eventOfRecovery(facts('give-up', { left: TRIED }))).toMatchObject({ event: 'recover', subject: {} });
    expect(eventOfRecovery(facts('undo', { runs: OLD, left: TRIED }))).toEqual({
      event: 'recover',
      subject: {},
      details: { action: 'undo', because: 'it failed' },
    });
  });
});

function facts(action: 'give-up' | 'return' | 'undo', { runs, left }: Partial<Pick<Parties, 'runs' | 'left'>>) {
  return { decision: { action, because: 'it failed' }, parties: { runs, left, meet: true, discarded: [] } };
}
