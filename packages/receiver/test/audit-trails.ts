import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appendEvent, type TrailSite } from '../src/audit/append-event.ts';
import { digestOf } from '../src/audit/digest-of.ts';
import type { AuditEvent } from '../src/audit/event.ts';
import { lookAtTrail } from '../src/audit/look-at-trail.ts';
import { type OtherHead, type TrailVerdict, verifyTrail } from '../src/audit/verify-trail.ts';

/** A trail in a directory of a test's own, at a fixed time. */
export function trailSite(directory: string): TrailSite {
  return {
    trail: join(directory, 'audit.jsonl'),
    head: join(directory, 'audit.head'),
    application: 'app',
    host: async () => undefined,
    now: () => new Date('2026-11-22T07:00:00Z'),
  };
}

/** Appends that many pins, each of another version. */
export async function appendPins(site: TrailSite, count: number): Promise<void> {
  for (let patch = 0; patch < count; patch += 1) await appendEvent(site, pinOf(patch));
}

/** An event. */
export function pinOf(patch: number): AuditEvent {
  return { event: 'pin', subject: { version: `v1.0.${patch}` }, outcome: { kind: 'done' } };
}

/** What `audit verify` would say. */
export async function verdictOn(site: TrailSite, others: readonly OtherHead[] = []): Promise<TrailVerdict> {
  return verifyTrail(await lookAtTrail(site, others));
}

/** The lines of a trail, newlines included. */
export async function linesOf({ trail }: TrailSite): Promise<string[]> {
  return (await readFile(trail, 'latin1')).split(/(?<=\n)/);
}

/** What an append that may be cut off changes. */
export interface CutOffAppend {
  /** The trail before. */
  readonly before: Buffer;
  /** The trail afterwards. */
  readonly whole: Buffer;
  /** The stored head in between. */
  readonly announced: string;
}

/** A trail of three entries, and the fourth with what was announced before it was written. */
export async function cutOffAppend(site: TrailSite): Promise<CutOffAppend> {
  await appendPins(site, 2);
  const before = await readFile(site.trail);
  const head = JSON.parse(await readFile(site.head, 'utf8'));
  await appendEvent(site, pinOf(2));
  const whole = await readFile(site.trail);
  const announced = JSON.stringify({ ...head, next: digestOf(whole.subarray(before.length)) });
  return { before, whole, announced };
}
