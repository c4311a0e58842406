import type { Journal } from '@goldstream/system';
import type { AuditEvent } from './event.ts';
import type { AuditHead } from './trail-head.ts';
import type { OtherHead } from './verify-trail.ts';

const APPLICATION = 'GOLDSTREAM_APPLICATION';
const NUMBER = 'GOLDSTREAM_AUDIT_NUMBER';
const SHA256 = 'GOLDSTREAM_AUDIT_SHA256';

/** syslog(3): notice and warning. */
const NOTICE = 5;
const WARNING = 4;

/** What people and programs look for in the journal. */
const MESSAGE_ID = 'f2b7c1d04a5e4c0e9a6f1f6f0a5d3b71';

/** Tells the journal of an event that is on the trail, with the trail's head, which so is written down twice. */
export async function tellJournal(
  journal: Journal,
  application: string,
  { event, subject, outcome }: AuditEvent,
  { number, sha256 }: AuditHead,
): Promise<void> {
  const about = Object.entries(subject).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  const told = about.map(([name, value]) => ` ${name}=${value}`).join('');
  const code = 'code' in outcome ? ` ${outcome.code}` : '';
  await journal.write({
    MESSAGE: `${application}: ${event} ${outcome.kind}${code}${told}`,
    MESSAGE_ID,
    PRIORITY: outcome.kind === 'failed' || outcome.kind === 'refused' ? WARNING : NOTICE,
    SYSLOG_IDENTIFIER: 'goldstream-receiver',
    [APPLICATION]: application,
    GOLDSTREAM_EVENT: event,
    GOLDSTREAM_OUTCOME: outcome.kind,
    ...('code' in outcome ? { GOLDSTREAM_CODE: outcome.code } : {}),
    [NUMBER]: number,
    [SHA256]: sha256,
    ...Object.fromEntries(about.map(([name, value]) => [fieldOf(name), value as string | number])), // Filtered above.
  });
}

/** The heads that the journal holds of an application's trail. */
export async function headsInJournal(journal: Journal, application: string): Promise<readonly OtherHead[]> {
  const entries = await journal.read({ [APPLICATION]: application }, [NUMBER, SHA256]);
  return entries.flatMap(({ [NUMBER]: number, [SHA256]: sha256 }) =>
    number === undefined || sha256 === undefined ? [] : [{ where: 'the journal', number: Number(number), sha256 }],
  );
}

/** `manifestSha256` → `GOLDSTREAM_MANIFEST_SHA256`. */
function fieldOf(name: string): string {
  return `GOLDSTREAM_${name.replaceAll(/(?=[A-Z])/g, '_').toUpperCase()}`;
}
