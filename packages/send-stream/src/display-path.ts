import { byteText } from './byte-text.ts';

/**
 * A path, or any file name, as `btrfs receive --dump` prints it: bytes that could break a line are escaped as in C,
 * everything outside printable ASCII in octal. Different bytes never look the same.
 */
export function displayPath(path: Uint8Array): string {
  return escapedBytes(byteText(path));
}

/** The same of bytes that are text already, one character a byte. */
export function escapedBytes(text: string): string {
  return text.replace(/[^!-[\]-~]/g, (character) => ESCAPES[character] ?? octal(character));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  ' ': '\\ ',
  '\\': '\\\\',
};

function octal(character: string): string {
  return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}
