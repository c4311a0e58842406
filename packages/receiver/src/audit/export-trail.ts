import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReceiverError } from '../error.ts';
import { gatherLinks } from './gather-links.ts';
import { openTrail } from './open-trail.ts';
import type { ExportFacts, ExportTrailStep } from './plan-export.ts';
import { scanTrail } from './scan-trail.ts';
import { NO_HEAD } from './trail-head.ts';

/**
 * Looks at a trail that is to be exported.
 * @throws ReceiverError `AUDIT_NO_TRAIL`, `AUDIT_UNREADABLE`
 */
export async function gatherExport(trail: string): Promise<ExportFacts> {
  await using file = await openTrail(trail);
  if (file === undefined) {
    throw new ReceiverError('AUDIT_NO_TRAIL', `there is no ${trail}`, {
      hint: 'See goldstream-receiver audit verify, which tells whether there was one.',
    });
  }
  const { links, bytes } = await gatherLinks(scanTrail(file.read()));
  const last = links.at(-1);
  const head = last === undefined ? NO_HEAD : { number: last.number, sha256: last.sha256 };
  return { trail, bytes, entries: links.length, head };
}

/**
 * Does the step. A file that is there is not replaced.
 * @throws ReceiverError `AUDIT_NO_TRAIL`, `AUDIT_UNREADABLE`, `AUDIT_NOT_WRITTEN`
 */
export async function exportTrail({ trail, bytes, to }: ExportTrailStep, output: Writable): Promise<void> {
  await using file = await openTrail(trail);
  if (file === undefined || file.size < bytes) {
    throw new ReceiverError('AUDIT_NO_TRAIL', `${trail} became shorter than ${bytes} bytes`);
  }
  const source = Readable.from(first(file.read(), bytes));
  try {
    if (to === undefined) await pipeline(source, output, { end: false });
    else await pipeline(source, createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true }));
  } catch (cause) {
    throw new ReceiverError('AUDIT_NOT_WRITTEN', `the trail could not be written to ${to ?? 'standard output'}`, {
      cause,
    });
  }
}

async function* first(source: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of source) {
    yield chunk.subarray(0, left);
    left -= Math.min(left, chunk.length);
    if (left === 0) return;
  }
}
