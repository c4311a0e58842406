/**
 * One JSON document that ends with a newline. What JSON does not know keeps a fixed form: a `bigint` is a decimal
 * string, bytes are hexadecimal, and the absence of an answer is `null`. Control characters are escaped, C1 too.
 */
export function renderJson(value: unknown): string {
  const text = JSON.stringify(value ?? null, replace, 2);
  return `${text.replaceAll(/(?!\n)\p{Cc}/gu, escapeControl)}\n`;
}

function replace(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  // A Buffer has turned itself into something else in `value` already.
  const original = this[key];
  return original instanceof Uint8Array ? Buffer.from(original).toString('hex') : value;
}

/** JSON.stringify escapes C0 only; DEL and C1 speak to terminals as well. */
function escapeControl(control: string): string {
  return `\\u${(control.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
