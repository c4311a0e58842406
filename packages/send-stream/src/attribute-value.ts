import type { Attribute } from './attribute.ts';
import { SendStreamError } from './error.ts';
import type { AttributeName } from './protocol.ts';

/** Seconds and nanoseconds since 1970, UTC. */
export interface Timespec {
  readonly seconds: bigint;
  readonly nanoseconds: number;
}

/** What each wire type becomes. */
export interface ValueOf {
  u8: number;
  u32: number;
  u64: bigint;
  /** Lower case with dashes. */
  uuid: string;
  timespec: Timespec;
  /** Paths and names too: file names are bytes. */
  bytes: Uint8Array;
  /** File data, never joined. */
  pieces: readonly Uint8Array[];
}

/** The wire type of each attribute, as `send.c` writes and `btrfs receive` reads it. */
export const WIRE_TYPE = {
  uuid: 'uuid',
  ctransid: 'u64',
  ino: 'u64',
  size: 'u64',
  mode: 'u64',
  uid: 'u64',
  gid: 'u64',
  rdev: 'u64',
  ctime: 'timespec',
  mtime: 'timespec',
  atime: 'timespec',
  otime: 'timespec',
  xattr_name: 'bytes',
  xattr_data: 'bytes',
  path: 'bytes',
  path_to: 'bytes',
  path_link: 'bytes',
  file_offset: 'u64',
  data: 'pieces',
  clone_uuid: 'uuid',
  clone_ctransid: 'u64',
  clone_path: 'bytes',
  clone_offset: 'u64',
  clone_len: 'u64',
  fallocate_mode: 'u32',
  fileattr: 'u64',
  unencoded_file_len: 'u64',
  unencoded_len: 'u64',
  unencoded_offset: 'u64',
  compression: 'u32',
  encryption: 'u32',
  verity_algorithm: 'u8',
  verity_block_size: 'u32',
  verity_salt_data: 'bytes',
  verity_sig_data: 'bytes',
} as const satisfies Record<AttributeName, keyof ValueOf>;

/** The value of an attribute. */
export type AttributeValue<Name extends AttributeName> = ValueOf[(typeof WIRE_TYPE)[Name]];

/** Bytes of the wire types that have a fixed length. */
const LENGTH: Partial<Record<keyof ValueOf, number>> = { u8: 1, u32: 4, u64: 8, uuid: 16, timespec: 12 };

/** Gives an attribute its meaning. A length that does not fit is `SEND_STREAM_BAD_ATTRIBUTE`. */
export function attributeValue(name: AttributeName, attribute: Attribute): ValueOf[keyof ValueOf] {
  const type = WIRE_TYPE[name];
  if (type === 'pieces') return attribute.pieces;
  const bytes = joined(attribute.pieces);
  const expected = LENGTH[type];
  if (expected !== undefined && bytes.length !== expected) {
    const problem = `${name} has ${bytes.length} bytes, expected ${expected}`;
    throw new SendStreamError('SEND_STREAM_BAD_ATTRIBUTE', attribute.offset, problem);
  }
  return DECODE[type](bytes);
}

/** Lengths were checked before: no read goes past the end. */
const DECODE: { readonly [Type in Exclude<keyof ValueOf, 'pieces'>]: (bytes: Uint8Array) => ValueOf[Type] } = {
  u8: (bytes) => viewOf(bytes).getUint8(0),
  u32: (bytes) => viewOf(bytes).getUint32(0, true),
  u64: (bytes) => viewOf(bytes).getBigUint64(0, true),
  uuid: formatUuid,
  timespec: (bytes) => ({
    seconds: viewOf(bytes).getBigInt64(0, true),
    nanoseconds: viewOf(bytes).getUint32(8, true),
  }),
  bytes: (bytes) => bytes,
};

function formatUuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** A small value in one piece; copied only when it lies across chunks. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first = EMPTY] = pieces;
  if (pieces.length < 2) return first;
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

const EMPTY = new Uint8Array(0);
