import { describeError } from '@goldstream/errors';
import type { Journal } from '@goldstream/system';
import { appendEvent, type TrailSite } from './append-event.ts';
import type { AuditEvent } from './event.ts';
import { tellJournal } from './journal-events.ts';
import type { AuditHead } from './trail-head.ts';

/** Where commands record what they do. */
export interface Audit {
  /**
   * Records an event: durable on the trail when it resolves, and told to the journal meanwhile. The caller holds the
   * application's lock.
   * @returns the trail's new head, for records that remember it
   * @throws ReceiverError `AUDIT_NOT_WRITTEN`, `AUDIT_UNREADABLE`
   */
  record(event: AuditEvent): Promise<AuditHead>;
  /** Waits until the journal knows of everything that was recorded. Never fails. */
  told(): Promise<void>;
}

/**
 * The trail of a site and the journal of its host. The journal is told in order, without anybody waiting for it: what
 * is done next has to wait for the trail alone. One that does not listen is no failure, and is said.
 */
export function auditOf(site: TrailSite, journal: Journal, warn: (line: string) => void): Audit {
  let telling = Promise.resolve();
  return {
    record: async (event) => {
      const head = await appendEvent(site, event);
      telling = telling
        .then(() => tellJournal(journal, site.application, event, head))
        .catch((error: unknown) => {
          warn(`entry ${head.number} of the audit trail is not in the journal: ${describeError(error).trimEnd()}`);
        });
      return head;
    },
    told: () => telling,
  };
}
