import { CodedError, describeError } from '@goldstream/errors';
import type { Undertaking } from '../audit/audit-session.ts';
import type { AuditOutcome } from '../audit/event.ts';
import type { Tools } from '../host/tools.ts';
import type { RecoverFacts } from './facts.ts';

/** What recovery undertakes, as the trail tells it: a return to the deployment before, or a recovery. Pure. */
export function eventOfRecovery({ decision, parties }: Pick<RecoverFacts, 'decision' | 'parties'>): Undertaking {
  const { action, because } = decision;
  const { runs, left } = parties;
  const goesBack = action === 'give-up' || action === 'return';
  if (!goesBack || runs === undefined) return { event: 'recover', subject: {}, details: { action, because } };
  return {
    event: 'return',
    subject: {
      version: runs.version,
      deployment: runs.number,
      ...(left === undefined ? {} : { previous: left.number }),
    },
    details: { because },
  };
}

/**
 * Records what recovery did. The intent has said durably what it does before it did it; so a trail that cannot be
 * written is said, and keeps no host from running what it ran before.
 */
export async function tellRecovery({ audit, io }: Tools, facts: RecoverFacts, outcome: AuditOutcome): Promise<void> {
  try {
    await audit.record({ ...eventOfRecovery(facts), outcome });
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    io.warn(`this is not on the audit trail: ${describeError(error).trimEnd()}`);
  }
}
