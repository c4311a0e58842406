import { isUtf8 } from 'node:buffer';

/**
 * A path as text that is safe to print and can be turned back into its bytes: UTF-8 as it is; a backslash, every byte
 * that is not UTF-8, and every character that does not show (controls, marks of direction, separators other than the
 * space) as a backslash and three octal digits for each of its bytes. Different bytes never look the same.
 *
 * @param path one character a byte
 */
export function pathText(path: string): string {
  if (PLAIN.test(path)) return path;
  const bytes = Buffer.from(path, 'latin1');
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    const character = bytes.subarray(at, at + Math.max(length, 1));
    const shown = character.toString('utf8');
    text += length === 0 || HIDDEN.test(shown) ? octal(character) : shown;
    at += character.length;
  }
  return text;
}

/** Visible ASCII and the space, without the backslash. */
const PLAIN = /^[ -[\]-~]*$/;

const HIDDEN = /^[\\\p{C}\p{Zl}\p{Zp}]$|^(?! )\p{Zs}$/u;

/** Bytes of the UTF-8 character at `at` (RFC 3629); 0 when there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  return isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

function octal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
