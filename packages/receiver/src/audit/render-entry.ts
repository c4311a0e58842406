import type { AuditEntry } from './entry.ts';
import type { AuditDetails } from './event.ts';

/** Bytes of a line, its newline included. */
export const LINE_BYTES_LIMIT = 4096;

/** Characters of one detail when all of them together are too long. */
const CUT_TO = 200;

/**
 * An entry as its line: JSON without spaces, and a newline. Details that make it longer than {@link LINE_BYTES_LIMIT}
 * are cut, first each of them and then from the last one on, and the line says so.
 */
export function renderEntry(entry: Omit<AuditEntry, 'cut'>): Buffer {
  const whole = lineOf(entry);
  if (whole.length <= LINE_BYTES_LIMIT) return whole;

  let kept = Object.entries(entry['details'] ?? {}).map(([name, value]) => [name, cutDetail(value)] as const);
  for (;;) {
    const line = lineOf({ ...entry, details: Object.fromEntries(kept), cut: true });
    if (line.length <= LINE_BYTES_LIMIT) return line;
    // Subjects are bounded by their schemas, so that an entry without details fits.
    if (kept.length === 0) throw new RangeError(`an audit entry takes ${line.length} bytes without its details`);
    kept = kept.slice(0, -1);
  }
}

function lineOf(entry: object): Buffer {
  return Buffer.from(`${JSON.stringify(entry)}\n`);
}

function cutDetail(value: AuditDetails[string]): AuditDetails[string] {
  if (Array.isArray(value)) return value.slice(0, 3).map(cutText);
  return typeof value === 'string' ? cutText(value) : value;
}

function cutText(text: string): string {
  const characters = [...text];
  return characters.length <= CUT_TO ? text : `${characters.slice(0, CUT_TO).join('')}…`;
}
