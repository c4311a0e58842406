/** What a file that is no send stream seems to be, and what to do with it. */
export interface FileKind {
  /** With its article: "a zstd frame". */
  readonly says: string;
  readonly hint: string;
}

/** Bytes from the start of a file that {@link recogniseFile} wants to see: a tar archive says so at byte 257. */
export const RECOGNISABLE_LENGTH = 512;

/** Names the usual wrong files by their first bytes; undefined when it is none of them. */
export function recogniseFile(start: Uint8Array): FileKind | undefined {
  const found = SIGNATURES.find(({ at, bytes }) => bytes.every((byte, index) => start[at + index] === byte));
  if (found !== undefined) return found;
  if (start.length > 0 && start.every((byte) => byte === 0)) return { says: 'a run of zero bytes', hint: EXPECTED };
  const text = textOf(start);
  if (text === undefined) return undefined;
  return /^\s*<(!doctype\s+html|html)/i.test(text) ? WEB_PAGE : { says: 'text', hint: EXPECTED };
}

const EXPECTED = 'Name a file that btrfs send wrote, or pipe one in.';
const WEB_PAGE: FileKind = {
  says: 'a web page',
  hint: 'Check the address it came from: servers answer with a page when they lack a file.',
};
const decompress = (program: string) => `Decompress it first: ${program} -dc FILE`;

interface Signature extends FileKind {
  readonly at: number;
  readonly bytes: readonly number[];
}

const SIGNATURES: readonly Signature[] = [
  { says: 'a zstd frame', at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd], hint: decompress('zstd') },
  { says: 'gzip data', at: 0, bytes: [0x1f, 0x8b], hint: decompress('gzip') },
  { says: 'xz data', at: 0, bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], hint: decompress('xz') },
  { says: 'bzip2 data', at: 0, bytes: ascii('BZh'), hint: decompress('bzip2') },
  { says: 'an LZ4 frame', at: 0, bytes: [0x04, 0x22, 0x4d, 0x18], hint: decompress('lz4') },
  { says: 'a zip archive', at: 0, bytes: ascii('PK\x03\x04'), hint: EXPECTED },
  { says: 'a 7z archive', at: 0, bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], hint: EXPECTED },
  { says: 'a squashfs image', at: 0, bytes: ascii('hsqs'), hint: EXPECTED },
  { says: 'a program (ELF)', at: 0, bytes: [0x7f, ...ascii('ELF')], hint: EXPECTED },
  { says: 'a tar archive', at: 257, bytes: ascii('ustar'), hint: EXPECTED },
  { says: 'an OpenPGP signature or key', at: 0, bytes: ascii('-----BEGIN PGP '), hint: EXPECTED },
];

function ascii(text: string): readonly number[] {
  return [...new TextEncoder().encode(text)];
}

/** UTF-8 without control characters other than tab, line feed and carriage return; undefined when it is not. */
function textOf(start: Uint8Array): string | undefined {
  try {
    // Streaming, because the last character may be cut.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
    return text.length > 0 && !/[^\P{Cc}\t\n\r]/u.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
