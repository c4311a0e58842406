/**
 * One JSON document that ends with a newline. What JSON does not know keeps a fixed form: a `bigint` is a decimal
 * string, bytes are hexadecimal, and the absence of an answer is `null`.
 */
export function renderJson(value: unknown): string {
  return `${JSON.stringify(value ?? null, replace, 2)}\n`;
}

function replace(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  // A Buffer has turned itself into something else in `value` already.
  const original = this[key];
  return original instanceof Uint8Array ? Buffer.from(original).toString('hex') : value;
}
