import * as z from 'zod';
import { APPLICATION_NAME } from './asset-names.ts';
import { isVersion, type Version } from './version.ts';

/** The longest reason, in UTF-16 units. */
const REASON_LIMIT = 255;

/** `vMAJOR.MINOR.PATCH[-pre]`; the pattern is for the published schema, semantic versioning decides. */
export const versionField = z
  .custom<Version>((value) => typeof value === 'string' && isVersion(value), {
    error: ({ input }) => `expected vMAJOR.MINOR.PATCH[-pre], found ${JSON.stringify(input)}`,
  })
  .meta({
    type: 'string',
    maxLength: 64,
    pattern: '^v(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?$',
  });

/** Lowercase hexadecimal SHA-256. */
export const sha256Field = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lowercase hexadecimal digits');

/** ISO 8601 in UTC, whole seconds: one instant has one spelling. */
export const timeField = z.iso.datetime({ precision: 0, error: 'expected a UTC time such as 2026-01-31T12:00:00Z' });

/** `1.x`: a minor version only adds fields that may be ignored. */
export const formatField = z.string().regex(/^1\.\d{1,3}$/);

/** Part of file names, paths and unit names. */
export const applicationField = z
  .string()
  .max(64)
  .regex(APPLICATION_NAME, 'expected lowercase letters, digits and single dashes');

/**
 * One line for people, printed on terminals: without control characters, which could rewrite what stands above. The
 * published pattern says it in a form that every validator knows.
 */
export const reasonField = z
  .string()
  .min(1)
  .max(REASON_LIMIT)
  .regex(/^\P{C}+$/u, 'expected one line without control characters')
  .meta({ pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]+$' });

/** How often something happened: a whole number that JSON carries exactly. */
export const countField = z.int().min(0);

/** Names one keys document. */
export const keysPointerField = z.object({ number: z.int().min(1), sha256: sha256Field });

/** Whether the values rise strictly, by which none appears twice and one list has one spelling. */
export function risesStrictly<T>(values: readonly T[], compare: (a: T, b: T) => number): boolean {
  return values.every((value, index) => {
    const before = values[index - 1];
    return before === undefined || compare(before, value) < 0;
  });
}
