/**
 * One JSON document that ends with a newline. What JSON does not know keeps a fixed form: a `bigint` is a decimal
 * string, bytes are hexadecimal, a Map is an object, a Set an array, and the absence of an answer is `null`.
 */
export function renderJson(value: unknown): string {
  return `${JSON.stringify(value ?? null, replace, 2)}\n`;
}

function replace(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  if (isBufferJson(value)) return Buffer.from(value.data).toString('hex');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value;
}

/** `Buffer` turns itself into this before a replacer sees it. */
function isBufferJson(value: unknown): value is { type: 'Buffer'; data: number[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'Buffer' &&
    'data' in value &&
    Array.isArray(value.data)
  );
}
