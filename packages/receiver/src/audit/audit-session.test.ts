import { executePlan, PlanError } from '@goldstream/plan';
import { describe, expect, it } from 'vitest';
import { ReceiverError } from '../error.ts';
import { AuditSession, outcomeOf } from './audit-session.ts';
import type { AuditEvent } from './event.ts';
import { NO_HEAD } from './trail-head.ts';

const STEP = { kind: 'pin', says: 'pin' } as const;

describe('a run of a command', () => {
  it('is announced before its first step, and its end is told', async () => {
    const { session, told } = sessionThatRecords();
    await session.during(() => run(session, [STEP, STEP], async () => void told.push('step')));
    expect(told).toEqual(['begun', 'step', 'step', 'done']);
  });

  it('leaves no line when there was nothing to do', async () => {
    const { session, told } = sessionThatRecords();
    await session.during(() => run(session, []));
    expect(told).toEqual([]);
  });

  it('tells why it failed, by the code of what stopped its step', async () => {
    const { session, told } = sessionThatRecords();
    const failing = run(session, [STEP], () => Promise.reject(new ReceiverError('RECEIVE_NO_SPACE', 'full')));
    await expect(session.during(() => failing)).rejects.toMatchObject({ code: 'PLAN_STEP_FAILED' });
    expect(told).toEqual(['begun', 'failed RECEIVE_NO_SPACE']);
  });

  it('tells that it was refused before anything was done', async () => {
    const { session, told } = sessionThatRecords();
    session.undertake({ event: 'pin', subject: { version: 'v1.0.0' } });
    const refused = new ReceiverError('RECEIVE_UNSIGNED', 'nobody signed it');
    await expect(session.during(() => Promise.reject(refused))).rejects.toBe(refused);
    expect(told).toEqual(['refused RECEIVE_UNSIGNED']);
  });

  it('does no step that could not be announced', async () => {
    const { session, told } = sessionThatRecords(new ReceiverError('AUDIT_NOT_WRITTEN', 'full'));
    const running = session.during(() => run(session, [STEP], async () => void told.push('step')));
    await expect(running).rejects.toMatchObject({ cause: { code: 'AUDIT_NOT_WRITTEN' } });
    expect(told).toEqual([expect.stringContaining('warned: the failure is not on the audit trail')]);
  });
});

describe('outcomeOf', () => {
  it('calls what nobody expected a bug', () => {
    expect(outcomeOf(new TypeError('x'))).toEqual({ kind: 'failed', code: 'BUG' });
    expect(outcomeOf(new PlanError([], STEP, new TypeError('x')))).toEqual({ kind: 'failed', code: 'BUG' });
  });
});

async function run(session: AuditSession, steps: readonly (typeof STEP)[], pin = async () => {}): Promise<void> {
  session.undertake({ event: 'pin', subject: { version: 'v1.0.0' } });
  await executePlan({ goal: 'pinned', steps }, session.announcing({ pin }));
}

function sessionThatRecords(failure?: Error) {
  const told: string[] = [];
  const record = async ({ outcome }: AuditEvent) => {
    if (failure !== undefined) throw failure;
    told.push('code' in outcome ? `${outcome.kind} ${outcome.code}` : outcome.kind);
    return NO_HEAD;
  };
  return {
    told,
    session: new AuditSession({ record, told: async () => {} }, (line) => void told.push(`warned: ${line}`)),
  };
}
