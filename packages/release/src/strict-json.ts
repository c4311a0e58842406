/** Why a text is not strict JSON, and where. */
export class StrictJsonError extends Error {}

/**
 * `JSON.parse` without its leniency: the bytes must be exactly what `JSON.stringify` with two spaces, and a newline,
 * makes of their own value. That one comparison refuses a key given twice, data after the end, numbers that lost
 * digits (beyond 2^53) or are written in two ways, a byte order mark and bad UTF-8. Key order is free.
 *
 * @throws StrictJsonError
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  let value: unknown;
  let text: string;
  let canonical: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
    canonical = renderStrictJson(value);
  } catch (cause) {
    // A SyntaxError, bad UTF-8, or a RangeError where the nesting is deeper than any document of ours.
    throw new StrictJsonError(cause instanceof Error ? cause.message : 'not JSON', { cause });
  }
  if (text !== canonical) throw new StrictJsonError(describeDifference(text, canonical));
  return value;
}

/** The only text that {@link parseStrictJson} takes for `value`, up to the order of keys. */
export function renderStrictJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function describeDifference(text: string, canonical: string): string {
  const found = text.split('\n');
  const expected = canonical.split('\n');
  const line = found.findIndex((content, index) => content !== expected[index]);
  const at = line === -1 ? found.length : line;
  return `line ${at + 1} is ${quote(found[at])}, its canonical form ${quote(expected[at])}: a key given twice, a number that is not exact, or other spacing`;
}

function quote(line: string | undefined): string {
  return line === undefined ? 'the end' : JSON.stringify(line.length > 80 ? `${line.slice(0, 80)}…` : line);
}
