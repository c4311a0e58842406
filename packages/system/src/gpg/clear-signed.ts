import { SystemError } from '../error.ts';

/** The three lines that frame a clear-signed file (RFC 9580, section 7). Others that begin so are dash-escaped. */
const FRAME = ['-----BEGIN PGP SIGNED MESSAGE-----', '-----BEGIN PGP SIGNATURE-----', '-----END PGP SIGNATURE-----'];

/** Packet type of a signature (RFC 9580, section 5). */
const SIGNATURE = 2;

/**
 * Passes for a file that is one clear-signed text and nothing else, with signature packets alone in its armour. gpgv
 * takes more: text around it, further blocks, and compressed packets whose contents would fill a disk.
 *
 * @throws SystemError `GPG_NOT_CLEAR_SIGNED`
 */
export function demandClearSigned(file: Uint8Array): void {
  const lines = Buffer.from(file).toString('latin1').split(/\r?\n/);
  const framing = lines.filter((line) => line.startsWith('-----')).map((line) => line.trimEnd());
  const isOne = framing.length === FRAME.length && framing.every((line, index) => line === FRAME[index]);
  const [first = '', beforeLast = '', last = ''] = [lines[0], lines.at(-2), lines.at(-1)];
  if (!isOne || !first.startsWith(FRAME[0] ?? '') || last !== '' || !beforeLast.startsWith(FRAME[2] ?? '')) {
    throw notClearSigned('expected one clear-signed text and nothing around it');
  }
  const begin = lines.findIndex((line) => line.startsWith(FRAME[1] ?? ''));
  const types = packetTypes(dearmoured(lines.slice(begin + 1, -2)));
  if (types === undefined || types.length === 0 || types.some((type) => type !== SIGNATURE)) {
    throw notClearSigned('expected signatures alone in its armour');
  }
}

/** Headers, an empty line, base64, and a checksum that begins with `=`. */
function dearmoured(lines: readonly string[]): Uint8Array {
  const body = lines.slice(lines.findIndex((line) => line.trim() === '') + 1);
  return Buffer.from(body.filter((line) => !/^=[A-Za-z0-9+/]{4}\s*$/.test(line)).join(''), 'base64');
}

/** The types of the packets, or undefined when they do not fill the bytes exactly. */
function packetTypes(bytes: Uint8Array): readonly number[] | undefined {
  const types: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = packetHeader(bytes.subarray(at));
    if (header === undefined || at + header.bytes > bytes.length) return undefined;
    types.push(header.type);
    at += header.bytes;
  }
  return types;
}

/**
 * Type and whole length of a packet (RFC 9580, section 4.2). Partial and indeterminate lengths are for data, never for
 * signatures, and are unknown here.
 */
function packetHeader(bytes: Uint8Array): { readonly type: number; readonly bytes: number } | undefined {
  const [tag = 0, first = 0, second = 0] = bytes;
  if (tag < 0x80 || bytes.length < 2) return undefined;
  const big = (from: number, count: number) =>
    bytes.subarray(from, from + count).reduce((sum, byte) => sum * 256 + byte, 0);
  if (tag & 0x40) {
    const type = tag & 0x3f;
    if (first < 192) return { type, bytes: 2 + first };
    if (first < 224) return { type, bytes: 3 + ((first - 192) * 256 + second + 192) };
    return first === 255 ? { type, bytes: 6 + big(2, 4) } : undefined;
  }
  const width = [1, 2, 4][tag & 3];
  return width === undefined ? undefined : { type: (tag >> 2) & 0x0f, bytes: 1 + width + big(1, width) };
}

function notClearSigned(problem: string): SystemError {
  return new SystemError('GPG_NOT_CLEAR_SIGNED', `the document is not as it is published: ${problem}`, {
    hint: 'Take another copy of the store, or tell its publisher.',
  });
}
