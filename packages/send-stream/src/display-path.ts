/**
 * A path, or any file name, as `btrfs receive --dump` prints it: bytes that could break a line are escaped as in C,
 * everything outside printable ASCII in octal. Different bytes never look the same.
 */
export function displayPath(path: Uint8Array): string {
  let shown = '';
  for (const byte of path) shown += ESCAPES[byte] ?? (isPrintable(byte) ? String.fromCharCode(byte) : octal(byte));
  return shown;
}

const ESCAPES: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  27: '\\e',
  32: '\\ ',
  92: '\\\\',
};

function isPrintable(byte: number): boolean {
  return byte > 32 && byte < 127;
}

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`;
}
