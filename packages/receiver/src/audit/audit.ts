import { CodedError, describeError } from '@goldstream/errors';
import type { Journal } from '@goldstream/system';
import { appendEvent, type TrailSite } from './append-event.ts';
import type { AuditEvent } from './event.ts';
import { tellJournal } from './journal-events.ts';
import type { AuditHead } from './trail-head.ts';

/** Where commands record what they do. */
export interface Audit {
  /**
   * Records an event: durable on the trail when it resolves, and told to the journal. The caller holds the
   * application's lock.
   * @returns the trail's new head, for records that remember it
   * @throws ReceiverError `AUDIT_NOT_WRITTEN`, `AUDIT_UNREADABLE`
   */
  record(event: AuditEvent): Promise<AuditHead>;
}

/** The trail of a site and the journal of its host. A journal that does not listen is no failure, and is said. */
export function auditOf(site: TrailSite, journal: Journal, warn: (line: string) => void): Audit {
  return {
    record: async (event) => {
      const head = await appendEvent(site, event);
      try {
        await tellJournal(journal, site.application, event, head);
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        warn(`entry ${head.number} of the audit trail is not in the journal: ${describeError(error).trimEnd()}`);
      }
      return head;
    },
  };
}
