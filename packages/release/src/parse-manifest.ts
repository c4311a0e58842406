import type { z } from 'zod';
import { ReleaseError } from './error.ts';
import { FORMAT_VERSION, type ReleaseManifest } from './manifest.ts';
import { manifestSchema } from './manifest-schema.ts';
import { parseStrictJson, StrictJsonError } from './strict-json.ts';

/** No manifest is larger; a store reads no more of one. */
export const MANIFEST_BYTES_LIMIT = 16 * 1024 * 1024;

/** Issues that are spelt out; the rest is counted. */
const MAX_ISSUES = 5;

/**
 * Reads a manifest whose signature was verified. Errors name the JSON path.
 *
 * @throws ReleaseError `RELEASE_BAD_MANIFEST`, `RELEASE_FORMAT_UNKNOWN`
 */
export function parseManifest(bytes: Uint8Array): ReleaseManifest {
  if (bytes.length > MANIFEST_BYTES_LIMIT) {
    throw bad(`${bytes.length} bytes, expected at most ${MANIFEST_BYTES_LIMIT}`);
  }
  const value = parseJson(bytes);
  checkFormat(value);
  const result = manifestSchema.safeParse(value);
  if (!result.success) throw bad(describeIssues(result.error.issues));
  return result.data;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes);
  } catch (cause) {
    if (cause instanceof StrictJsonError) throw bad(cause.message);
    throw cause;
  }
}

/** Before all else: of a format we do not know, no other complaint would make sense. */
function checkFormat(value: unknown): void {
  const found =
    typeof value === 'object' && value !== null && 'formatVersion' in value ? value.formatVersion : undefined;
  const major = typeof found === 'string' ? /^(\d+)\.\d+$/.exec(found)?.[1] : undefined;
  if (major === undefined || FORMAT_VERSION.startsWith(`${major}.`)) return;
  throw new ReleaseError('RELEASE_FORMAT_UNKNOWN', `release manifest: format ${found}, this program reads 1.x`, {
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

function bad(problem: string): ReleaseError {
  return new ReleaseError('RELEASE_BAD_MANIFEST', `release manifest: ${problem}`);
}
