import type { Words } from './command.ts';
import { CliError } from './error.ts';
import { formatFlag, formatWord } from './format-flag.ts';
import { parseValue } from './parse-value.ts';
import type { Arguments, OptionSpec, Options } from './values.ts';

/**
 * Reads the words of a command line as declared.
 * @throws CliError `CLI_USAGE` for a missing, superfluous or malformed word
 */
export function readValues(takes: Arguments, options: Options, words: Words): Record<string, unknown> {
  return { ...readArguments(takes, words.arguments), ...readOptions(options, words.options) };
}

/** Reads option texts as declared, with defaults. */
export function readOptions(options: Options, given: Words['options']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, spec]) => [name, readOption(name, spec, given[name])]));
}

function readOption(name: string, spec: OptionSpec, given: unknown): unknown {
  if (spec.type === 'boolean') return given === true;
  const flag = formatFlag(name);
  const texts = [given ?? spec.default ?? []].flat().map(String);
  if (spec.required && texts.length === 0) throw new CliError('CLI_USAGE', `${flag} is required and was not given`);
  if (spec.repeatable) return texts.map((text) => parseValue(spec, text, flag));
  const last = texts.at(-1);
  return last === undefined ? undefined : parseValue(spec, last, flag);
}

/** Required arguments are served first, so that `[FROM] TO` takes one word as TO. */
function readArguments(takes: Arguments, words: readonly string[]): Record<string, unknown> {
  const specs = Object.entries(takes);
  const needed = specs.filter(([, { optional }]) => !optional).length;
  let spare = words.length - needed;
  if (spare < 0) {
    const missing = specs.filter(([, { optional }]) => !optional).at(words.length)?.[0] ?? '';
    throw new CliError('CLI_USAGE', `<${formatWord(missing)}> is missing`);
  }
  let next = 0;
  const values: Record<string, unknown> = {};
  for (const [name, spec] of specs) {
    const least = spec.optional ? 0 : 1;
    const extra = spec.variadic ? spare : Math.min(spare, 1 - least);
    spare -= extra;
    const parsed = words
      .slice(next, next + least + extra)
      .map((text) => parseValue(spec, text, `<${formatWord(name)}>`));
    next += least + extra;
    values[name] = spec.variadic ? parsed : parsed[0];
  }
  if (next < words.length) {
    const most =
      specs.length === 0 ? 'no arguments' : specs.length === 1 ? 'one argument' : `${specs.length} arguments`;
    throw new CliError('CLI_USAGE', `"${words[next]}" is one word too many, expected ${most}`);
  }
  return values;
}
