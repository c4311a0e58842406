import * as z from 'zod';
import { ComponentError, type ComponentErrorCode } from './error.ts';
import { nearestWord } from './nearest-word.ts';
import type { DocumentPath, YamlDocument } from './yaml-document.ts';

/*
 * In this package a schema's message is the *expected* half of a sentence ("an octal mode such as 0755"); place, key and
 * what was found are added here. An issue that says it all itself is made with `problem`.
 */

/**
 * The document as what `schema` makes of it.
 * @throws ComponentError for the first thing in the text that does not fit, with its line and column
 */
export function validate<T>(schema: z.ZodType<T>, document: YamlDocument): T {
  const result = schema.safeParse(document.value);
  if (result.success) return result.data;
  const errors = result.error.issues.map((issue) => explain(issue, document));
  // A failed parse has at least one issue.
  throw errors.reduce((first, error) => (isBefore(error, first) ? error : first));
}

/** A mapping with these keys and no other. */
export function record<const Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? unknownKey(issue.keys[0] ?? '', known) : `a mapping of ${known.join(', ')}`,
  });
}

/** Text instead of a mapping stands for the mapping with only `key`. */
export function shortForm<Schema extends z.ZodType>(key: string, schema: Schema) {
  return z.preprocess((value) => (typeof value === 'string' ? { [key]: value } : value), schema);
}

/** A list of `item`. */
export function list<Item extends z.ZodType>(item: Item) {
  return z.array(item, { error: 'a list' });
}

/** An issue with a code and a whole sentence of its own, for `ctx.addIssue`. */
export function problem(code: ComponentErrorCode, message: string, { path = [], hint }: ProblemExtras = {}) {
  return { code: 'custom' as const, params: { code, hint } satisfies ProblemParams, message, path };
}

interface ProblemExtras {
  readonly path?: PropertyKey[];
  readonly hint?: string | undefined;
}

interface ProblemParams {
  readonly code: ComponentErrorCode;
  readonly hint: string | undefined;
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = nearestWord(key, known);
  const advice = nearest === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${nearest}?`;
  return `unknown key ${shorten(key)}, ${advice}`;
}

function explain(issue: z.core.$ZodIssue, document: YamlDocument): ComponentError {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys') {
    return new ComponentError('COMPONENT_UNKNOWN_KEY', document.locateKey(path, issue.keys[0] ?? ''), message);
  }
  const at = document.locate(path);
  const name = renderPath(path);
  const prefix = name === '' ? '' : `${name}: `;
  const params = paramsOf(issue);
  if (params !== undefined) return new ComponentError(params.code, at, `${prefix}${message}`, { hint: params.hint });
  const found = valueAt(document.value, path);
  return found === undefined
    ? new ComponentError('COMPONENT_MISSING_KEY', at, `${name} is missing, expected ${message}`)
    : new ComponentError('COMPONENT_BAD_VALUE', at, `${prefix}expected ${message}, found ${describe(found)}`);
}

function paramsOf(issue: z.core.$ZodIssue): ProblemParams | undefined {
  // Only `problem` sets params, and it sets these.
  return issue.code === 'custom' ? (issue.params as ProblemParams | undefined) : undefined;
}

function valueAt(value: unknown, path: DocumentPath): unknown {
  // A step into a string (a short form, told of as its long one) stays at the string.
  return path.reduce((inner, step) => {
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.hasOwn(inner, step) ? Reflect.get(inner, step) : undefined;
  }, value);
}

function renderPath(path: DocumentPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

function describe(found: unknown): string {
  if (Array.isArray(found)) return found.length === 0 ? 'an empty list' : 'a list';
  if (typeof found !== 'string') return 'a mapping';
  return found === '' ? 'nothing' : shorten(found);
}

function shorten(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** By place; but a missing key comes last, as an unknown one is often the same key with a typing error. */
function isBefore(a: ComponentError, b: ComponentError): boolean {
  const [missingA, missingB] = [a.code === 'COMPONENT_MISSING_KEY', b.code === 'COMPONENT_MISSING_KEY'];
  if (missingA !== missingB) return missingB;
  const [lineA = 0, lineB = 0] = [a.at?.line, b.at?.line];
  return lineA < lineB || (lineA === lineB && (a.at?.column ?? 0) < (b.at?.column ?? 0));
}
