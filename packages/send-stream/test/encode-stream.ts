import { ATTRIBUTE, type AttributeName, COMMAND, type CommandName, crc32c } from '../src/index.ts';

/** An attribute for a test: by name or bare number, its value as bytes, text, or a 64-bit number. */
export type TestAttribute = readonly [name: AttributeName | number, value: Uint8Array | string | bigint];

/**
 * Encodes one command with a right CRC, whatever sense it makes: what the product's encoder refuses to write is what
 * tests are about. `name` may be a bare number.
 */
export function encodeCommand(
  name: CommandName | number,
  attributes: readonly TestAttribute[] = [],
  { version = 1 }: { version?: number } = {},
): Buffer {
  return encodeRaw(name, Buffer.concat(attributes.map((attribute) => encodeAttribute(attribute, version))));
}

/** Encodes one command with a right CRC and any bytes as its payload. */
export function encodeRaw(name: CommandName | number, payload: Uint8Array): Buffer {
  const command = Buffer.concat([Buffer.alloc(10), payload]);
  command.writeUInt32LE(payload.length, 0);
  command.writeUInt16LE(typeof name === 'number' ? name : COMMAND[name], 4);
  command.writeUInt32LE(crc32c(command), 6);
  return command;
}

/** The header of a stream. */
export function encodeHeader(version = 1): Buffer {
  const header = Buffer.from('btrfs-stream\0\0\0\0\0', 'latin1');
  header.writeUInt32LE(version, 13);
  return header;
}

export const UUID = '11111111-2222-3333-4444-555555555555';
export const PARENT_UUID = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
export const FOREIGN_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export function uuidBytes(uuid: string): Uint8Array {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

/** The first command of a full stream of `v1`. */
export const SUBVOL = encodeCommand('subvol', [
  ['path', 'v1'],
  ['uuid', uuidBytes(UUID)],
  ['ctransid', 7n],
]);

/** The first command of an incremental stream of `v1`. */
export const SNAPSHOT = encodeCommand('snapshot', [
  ['path', 'v1'],
  ['uuid', uuidBytes(UUID)],
  ['ctransid', 7n],
  ['clone_uuid', uuidBytes(PARENT_UUID)],
  ['clone_ctransid', 5n],
]);

export const END = encodeCommand('end');

/** A full stream of `v1` with these commands between its first and its `end`. */
export function fullStream(...commands: readonly Uint8Array[]): Buffer {
  return Buffer.concat([encodeHeader(), SUBVOL, ...commands, END]);
}

function encodeAttribute([name, value]: TestAttribute, version: number): Buffer {
  const type = typeof name === 'number' ? name : ATTRIBUTE[name];
  const bytes = toBytes(value);
  const header = Buffer.alloc(version >= 2 && type === ATTRIBUTE.data ? 2 : 4);
  header.writeUInt16LE(type, 0);
  if (header.length === 4) header.writeUInt16LE(bytes.length, 2);
  return Buffer.concat([header, bytes]);
}

function toBytes(value: Uint8Array | string | bigint): Uint8Array {
  if (typeof value !== 'bigint') return Buffer.from(value as Uint8Array);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
