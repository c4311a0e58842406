import { CliError } from './error.ts';
import { parseSize } from './parse-size.ts';
import type { ValueSpec } from './values.ts';

/**
 * The value of one option or argument.
 * @param subject how the command line calls it, for the message: `--part-size`, `<version>`
 * @throws CliError `CLI_USAGE` that names subject, text and what was expected
 */
export function parseValue(spec: ValueSpec, text: string, subject: string): unknown {
  switch (spec.type) {
    case 'string':
      return text;
    case 'integer':
      return integer(text, spec) ?? refuse(subject, text, rangeOf(spec));
    case 'size':
      return parseSize(text) ?? refuse(subject, text, 'a size such as 4096, 64MiB or 1.9GiB');
    case 'choice':
      return spec.choices.includes(text) ? text : refuse(subject, text, `one of ${spec.choices.join(', ')}`);
    case 'parsed':
      return parsed(spec.parse, text, subject);
  }
}

function integer(text: string, { min, max }: { min?: number; max?: number }): number | undefined {
  if (!/^-?\d+$/.test(text)) return undefined;
  const value = Number(text);
  const within = value >= (min ?? Number.MIN_SAFE_INTEGER) && value <= (max ?? Number.MAX_SAFE_INTEGER);
  return within ? value : undefined;
}

function rangeOf({ min, max }: { min?: number; max?: number }): string {
  if (min !== undefined && max !== undefined) return `a whole number from ${min} to ${max}`;
  if (min !== undefined) return `a whole number of at least ${min}`;
  return max === undefined ? 'a whole number' : `a whole number of at most ${max}`;
}

function parsed(parse: (text: string) => unknown, text: string, subject: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new CliError('CLI_USAGE', `${subject}: "${text}" was not accepted`, { cause });
  }
}

function refuse(subject: string, text: string, expected: string): never {
  throw new CliError('CLI_USAGE', `${subject}: "${text}" was given, expected ${expected}`);
}
