import { type AuditEntry, entrySchema } from './entry.ts';
import { subjectSchemaOf } from './event.ts';

/** What a line is: an entry, or no entry and why. */
export type ParsedLine =
  | { readonly kind: 'entry'; readonly entry: AuditEntry }
  | { readonly kind: 'stray'; readonly because: string };

/**
 * Reads one line of a trail, without its newline. Strict: UTF-8, exactly the JSON that this program writes (no spaces,
 * no name twice), the fields of an entry, and of a known kind its subject. Kinds that are not known are kept.
 */
export function parseLine(bytes: Uint8Array): ParsedLine {
  const text = decode(bytes);
  if (text === undefined) return stray('it is not UTF-8');
  const value = parseJson(text);
  if (value === undefined) return stray('it is not JSON');
  // Also finds names that are there twice, of which JSON.parse keeps one.
  if (JSON.stringify(value) !== text) return stray('it is not JSON as this program writes it');
  const { data: entry, error } = entrySchema.safeParse(value);
  if (error !== undefined) return stray(`${error.issues[0]?.path.join('.') || 'it'} is not that of an entry`);
  const subject = subjectSchemaOf(entry.event)?.safeParse(entry.subject);
  if (subject?.success === false) return stray(`its subject is not that of the event “${entry.event}”`);
  return { kind: 'entry', entry };
}

function stray(because: string): ParsedLine {
  return { kind: 'stray', because };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
