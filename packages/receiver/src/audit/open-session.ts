import { journalFor, type Runner } from '@goldstream/system';
import type { Layout } from '../host/layout.ts';
import { auditOf } from './audit.ts';
import { AuditSession } from './audit-session.ts';
import { trailSiteOf } from './trail-site.ts';

/** The session of one run: the trail of the application, and the journal of a host where systemd runs. */
export function openAuditSession(runner: Runner, layout: Layout, warn: (line: string) => void): AuditSession {
  const site = trailSiteOf(layout, () => new Date());
  return new AuditSession(auditOf(site, journalFor(runner, layout.root), warn), warn);
}
