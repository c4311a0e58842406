import { type Journal, SystemError } from '@goldstream/system';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { trailSite, verdictOn } from '../../test/audit-trails.ts';
import { auditOf } from './audit.ts';
import type { AuditEvent } from './event.ts';
import { headsInJournal } from './journal-events.ts';

const RECEIVED: AuditEvent = {
  event: 'receive',
  subject: { version: 'v1.0.0', manifestSha256: 'a'.repeat(64) },
  outcome: { kind: 'failed', code: 'RECEIVE_NO_SPACE' },
};

describe('auditOf', () => {
  directoryTest('tells the journal what is on the trail, and with it the head', async ({ temporaryDirectory }) => {
    const site = trailSite(temporaryDirectory);
    const { journal, written } = journalInMemory();
    const audit = auditOf(site, journal, () => {});
    const head = await audit.record(RECEIVED);
    await audit.told();
    expect(written).toEqual([
      {
        MESSAGE: `app: receive failed RECEIVE_NO_SPACE version=v1.0.0 manifestSha256=${'a'.repeat(64)}`,
        MESSAGE_ID: expect.stringMatching(/^[0-9a-f]{32}$/),
        PRIORITY: 4,
        SYSLOG_IDENTIFIER: 'goldstream-receiver',
        GOLDSTREAM_APPLICATION: 'app',
        GOLDSTREAM_EVENT: 'receive',
        GOLDSTREAM_OUTCOME: 'failed',
        GOLDSTREAM_CODE: 'RECEIVE_NO_SPACE',
        GOLDSTREAM_AUDIT_NUMBER: head.number,
        GOLDSTREAM_AUDIT_SHA256: head.sha256,
        GOLDSTREAM_VERSION: 'v1.0.0',
        GOLDSTREAM_MANIFEST_SHA256: 'a'.repeat(64),
      },
    ]);
    expect(await headsInJournal(journal, 'app')).toEqual([{ where: 'the journal', ...head }]);
    expect(await verdictOn(site, await headsInJournal(journal, 'app'))).toMatchObject({ ok: true });
    const elsewhere = trailSite(`${temporaryDirectory}/nowhere`);
    expect(await verdictOn(elsewhere, await headsInJournal(journal, 'app'))).toMatchObject({
      ok: false,
      findings: [{ says: expect.stringContaining('the journal knows entry 2') }],
    });
  });

  directoryTest('says that a journal did not answer, and goes on', async ({ temporaryDirectory }) => {
    const site = trailSite(temporaryDirectory);
    const warnings: string[] = [];
    const failing = {
      ...journalInMemory().journal,
      write: async () => Promise.reject(new SystemError('TOOL_FAILED', 'no')),
    };
    const audit = auditOf(site, failing, (line) => void warnings.push(line));
    await audit.record(RECEIVED);
    await audit.told();
    expect(await verdictOn(site)).toMatchObject({ ok: true, entries: 2 });
    expect(warnings).toEqual([expect.stringContaining('entry 2 of the audit trail is not in the journal')]);
  });
});

function journalInMemory() {
  const written: Parameters<Journal['write']>[0][] = [];
  const journal: Journal = {
    live: true,
    write: async (fields) => void written.push(fields),
    read: async (_, fields) =>
      written.map((entry) => Object.fromEntries(fields.map((field) => [field, String(entry[field])]))),
  };
  return { journal, written };
}
