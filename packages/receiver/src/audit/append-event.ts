import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { writeDurably } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import { type Circumstances, gatherCircumstances } from './circumstances.ts';
import { digestOf } from './digest-of.ts';
import { writtenEntrySchema } from './entry.ts';
import { type AuditEvent, subjectSchemaOf } from './event.ts';
import { findEnd, type TrailState } from './find-end.ts';
import type { TrailPaths } from './look-at-trail.ts';
import { renderEntry } from './render-entry.ts';
import { type AuditHead, announceNext, NO_HEAD, storeHead } from './trail-head.ts';

/** A trail and what its lines are made with. */
export interface TrailSite extends TrailPaths {
  readonly application: string;
  /** As `machineIdFor` gives it, for the first line; undefined where the machine has no id. */
  host(): Promise<string | undefined>;
  now(): Date;
}

/** How a line comes to its file. */
interface Placing {
  /** What is expected before the line: number and digest that it follows on. */
  readonly after: AuditHead;
  /** What the stored head says while it is written, where that is not `after`. */
  readonly announcedAfter?: AuditHead;
  readonly isNew?: boolean;
  /** An unfinished line is ended first. */
  readonly endsLine?: boolean;
}

/**
 * Appends an event. When it resolves the line is durable; after a power cut before that it is there whole, or the next
 * append seals what is there of it. The caller holds the application's lock.
 *
 * What is wrong with the trail never keeps an event from being recorded: damage is recorded before it, and stays
 * visible.
 *
 * @returns the new head
 * @throws ReceiverError `AUDIT_NOT_WRITTEN`, `AUDIT_UNREADABLE`
 */
export async function appendEvent(site: TrailSite, event: AuditEvent): Promise<AuditHead> {
  try {
    const circumstances = await gatherCircumstances();
    const after = await mend(site, await findEnd(site), circumstances);
    return await place(site, event, circumstances, { after });
  } catch (cause) {
    if (!isSystemCallError(cause)) throw cause;
    throw new ReceiverError('AUDIT_NOT_WRITTEN', `${site.trail} could not be written`, {
      cause,
      hint: 'Make room, or see why it cannot be written; nothing is done that is not recorded.',
    });
  }
}

/** Makes the trail end with a whole line and returns that end. */
async function mend(site: TrailSite, state: TrailState, circumstances: Circumstances): Promise<AuditHead> {
  const done = { kind: 'done' } as const;
  switch (state.kind) {
    case 'whole':
      return state.head;
    case 'unended':
      await append(site.trail, '\n');
      return state.head;
    case 'none': {
      const host = await site.host();
      const subject = {
        trail: randomBytes(16).toString('hex'),
        application: site.application,
        ...(host === undefined ? {} : { host }),
      };
      return place(site, { event: 'genesis', subject, outcome: done }, circumstances, { after: NO_HEAD, isNew: true });
    }
    case 'torn': {
      const { head: after, sealed, isEnded } = state;
      const subject = { bytes: sealed.length, sha256: digestOf(sealed) };
      return place(site, { event: 'torn', subject, outcome: done }, circumstances, { after, endsLine: !isEnded });
    }
    case 'damaged': {
      const { stored, last, found, isEnded, isThere } = state;
      const subject = { found, head: stored ?? null };
      return place(site, { event: 'damage', subject, outcome: done }, circumstances, {
        after: { number: stored?.number ?? last.number, sha256: last.sha256 },
        // Should this be cut off, the next append finds the same damage.
        ...(stored === undefined ? {} : { announcedAfter: stored }),
        isNew: !isThere,
        endsLine: !isEnded,
      });
    }
  }
}

async function place(
  site: TrailSite,
  event: AuditEvent,
  circumstances: Circumstances,
  { after, announcedAfter = after, isNew = false, endsLine = false }: Placing,
): Promise<AuditHead> {
  const number = after.number + 1;
  const line = lineOf(site, event, circumstances, after);
  const head = { number, sha256: digestOf(line) };
  await announceNext(site.head, announcedAfter, head.sha256);
  if (isNew) await writeDurably(site.trail, line, 0o600);
  else await append(site.trail, endsLine ? Buffer.concat([Buffer.from('\n'), line]) : line);
  await storeHead(site.head, head);
  return head;
}

function lineOf(site: TrailSite, event: AuditEvent, circumstances: Circumstances, after: AuditHead): Buffer {
  // What breaks the schemas here is a mistake of ours, and would be found damaged for ever.
  subjectSchemaOf(event.event)?.parse(event.subject);
  const { event: kind, subject, outcome, details } = event;
  const entry = writtenEntrySchema.parse({
    number: after.number + 1,
    previous: after.sha256,
    time: site.now().toISOString(),
    event: kind,
    subject,
    outcome,
    ...circumstances,
    ...(details === undefined ? {} : { details }),
  });
  return renderEntry(entry);
}

/** One write(2) at the end of the file, and fsync(2), which on Btrfs makes the new size durable too. */
async function append(path: string, bytes: string | Buffer): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW);
  try {
    await file.appendFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

function isSystemCallError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
