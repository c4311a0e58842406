import type { z } from 'zod';
import { ReleaseError, type ReleaseErrorCode } from './error.ts';
import { parseStrictJson, StrictJsonError } from './strict-json.ts';

/** One kind of signed document: how it is called, how large it may be, what it looks like. */
export interface DocumentKind<T> {
  /** As errors call it: `release manifest`. */
  readonly what: string;
  /** Of everything that is wrong with it, but a format that is not known. */
  readonly code: ReleaseErrorCode;
  /** Bytes; a longer document is refused before it is read. */
  readonly bytesLimit: number;
  /** Takes major version 1. */
  readonly schema: z.ZodType<T>;
}

/** The major version of every document that this program reads. */
const MAJOR = '1';

/** Issues that are spelt out; the rest is counted. */
const MAX_ISSUES = 5;

/**
 * Reads a document whose signature was verified, strictly: size, canonical JSON, format version, schema, in this order.
 * Errors name the JSON path.
 *
 * @throws ReleaseError the kind's own code, or `RELEASE_FORMAT_UNKNOWN`
 */
export function parseDocument<T>({ what, code, bytesLimit, schema }: DocumentKind<T>, bytes: Uint8Array): T {
  const bad = (problem: string) => new ReleaseError(code, `${what}: ${problem}`);
  if (bytes.length > bytesLimit) throw bad(`${bytes.length} bytes, expected at most ${bytesLimit}`);
  let value: unknown;
  try {
    value = parseStrictJson(bytes);
  } catch (cause) {
    if (cause instanceof StrictJsonError) throw bad(cause.message);
    throw cause;
  }
  checkFormat(what, value);
  const result = schema.safeParse(value);
  if (!result.success) throw bad(describeIssues(result.error.issues));
  return result.data;
}

/** Before all else: of a format we do not know, no other complaint would make sense. */
function checkFormat(what: string, value: unknown): void {
  const found =
    typeof value === 'object' && value !== null && 'formatVersion' in value ? value.formatVersion : undefined;
  const major = typeof found === 'string' ? /^(\d+)\.\d+$/.exec(found)?.[1] : undefined;
  if (major === undefined || major === MAJOR) return;
  throw new ReleaseError('RELEASE_FORMAT_UNKNOWN', `${what}: format ${found}, this program reads ${MAJOR}.x`, {
    hint: 'Update goldstream on this host first.',
  });
}

function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const shown = issues.slice(0, MAX_ISSUES).map(({ path, message }) => `${describePath(path)}: ${message}`);
  if (issues.length > MAX_ISSUES) shown.push(`and ${issues.length - MAX_ISSUES} more`);
  return shown.join('; ');
}

/** `streams[0].assets[1].name`; the document itself is `$`. */
function describePath(path: readonly PropertyKey[]): string {
  const joined = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return joined === '' ? '$' : joined.replace(/^\./, '');
}
