import * as z from 'zod';
import { ComponentError } from './error.ts';
import { parseSize } from './size.ts';
import { splitWords } from './split-words.ts';
import { problem } from './validate.ts';

/** Control characters and lone surrogates: never in a name, and the latter cannot be written as UTF-8. */
export const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** One line of text with something in it. */
export function text(expected: string, maxLength = 1024) {
  return z
    .string({ error: expected })
    .refine((value) => value.trim() !== '' && value.length <= maxLength && !UNPRINTABLE.test(value), {
      error: expected,
    });
}

/** Text that matches a pattern as a whole. */
export function matching(pattern: RegExp, expected: string) {
  return z.string({ error: expected }).regex(pattern, { error: expected });
}

/** A decimal integer from `min` to `max`. */
export function integer(min: number, max: number) {
  const expected = `an integer from ${min} to ${max}`;
  return matching(/^\d{1,15}$/, expected)
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: expected });
}

/** `true` or `false`; YAML's other spellings are not taken. */
export function boolean() {
  return z.enum(['true', 'false'], { error: 'true or false' }).transform((value) => value === 'true');
}

/** A size in bytes: `1.9GiB`, `100MB`, `4096`. At least 1, below `limit`. */
export function size(limit: number, expected: string) {
  return z.string({ error: expected }).transform((value, ctx) => {
    const bytes = parseSize(value);
    if (bytes !== undefined && bytes > 0 && bytes < limit) return bytes;
    ctx.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

/** A file mode. The digits are octal, however many zeros stand before them and whether quoted or not. */
export function mode() {
  return matching(/^(?:0o?)?[0-7]{3,4}$/, 'an octal mode such as 0755').transform((value) =>
    Number.parseInt(value.replace(/^0o/, ''), 8),
  );
}

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, '': 1000, min: 60_000 };

/** A time in milliseconds, written as `500ms`, `30s`, `2min` or plain seconds; at most an hour, and above 0 unless that is said. */
export function duration({ orZero = false }: { readonly orZero?: boolean } = {}) {
  const expected = 'a time such as 30s, at most 60min';
  return matching(/^\d{1,7}(?:ms|s|min)?$/, expected)
    .transform((value) => Number.parseInt(value, 10) * (MILLISECONDS[value.replace(/^\d+/, '')] ?? Number.NaN))
    .refine((value) => (orZero || value > 0) && value <= 3_600_000, { error: expected });
}

/** A command line as written, and split by the rule of `splitWords`. */
export function commandLine() {
  return text('a command', 4096).transform((written, ctx) => {
    try {
      return { text: written, words: splitWords(written) };
    } catch (error) {
      if (!(error instanceof ComponentError)) throw error;
      ctx.addIssue(problem(error.code, error.message, { hint: error.hint }));
      return z.NEVER;
    }
  });
}

/** A command line, or the list of its words, each taken as it stands. */
export function commandWords() {
  const expected = 'a command line, or a list of its words';
  const word = text(expected, 4096);
  const words = z.tuple([word], word, { error: expected });
  const line = commandLine().transform((command) => command.words);
  // Not a union: that would not tell what is wrong with the one that was meant.
  return z.unknown().transform((value, ctx) => {
    const result = typeof value === 'string' ? line.safeParse(value) : words.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) ctx.addIssue({ ...issue });
    return z.NEVER;
  });
}
