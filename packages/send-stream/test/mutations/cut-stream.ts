import { crc32c } from '../../src/index.ts';

/** A command as its bytes say, not looked into. */
export interface Cut {
  readonly type: number;
  readonly attributes: readonly CutAttribute[];
}

/** An attribute as its bytes say. */
export interface CutAttribute {
  readonly type: number;
  readonly value: Buffer;
}

/** A stream cut into its commands, and what is left that is none. */
export interface CutStream {
  readonly version: number;
  readonly commands: readonly Cut[];
  /** Why the rest could not be cut; undefined when there is no rest. */
  readonly problem: string | undefined;
}

const HEADER = 17;
const COMMAND_HEADER = 10;
const DATA = 19;

/**
 * Reads a stream in another way than the package does, so that one mistake is not made twice: all at once, the numbers
 * of send.h written out, with as much trust as `btrfs receive` has.
 */
export function cutStream(stream: Uint8Array): CutStream {
  const bytes = Buffer.from(stream);
  const version = bytes.length < HEADER ? 0 : bytes.readUInt32LE(13);
  const commands: Cut[] = [];
  const stopped = (problem: string | undefined) => ({ version, commands, problem });
  if (bytes.toString('latin1', 0, 13) !== 'btrfs-stream\0') return stopped('no magic');
  for (let at = HEADER; at < bytes.length; ) {
    if (bytes.length - at < COMMAND_HEADER) return stopped('half a header');
    const end = at + COMMAND_HEADER + bytes.readUInt32LE(at);
    if (end > bytes.length) return stopped('half a command');
    const whole = Buffer.from(bytes.subarray(at, end));
    const crc = whole.readUInt32LE(6);
    if (crc32c(whole.fill(0, 6, 10)) !== crc) return stopped('wrong CRC');
    const attributes = cutAttributes(whole.subarray(COMMAND_HEADER), version);
    if (attributes === undefined) return stopped('half an attribute');
    commands.push({ type: whole.readUInt16LE(4), attributes });
    at = end;
  }
  return stopped(undefined);
}

function cutAttributes(payload: Buffer, version: number): readonly CutAttribute[] | undefined {
  const attributes: CutAttribute[] = [];
  for (let at = 0; at < payload.length; ) {
    const takesTheRest = version >= 2 && payload.length - at >= 2 && payload.readUInt16LE(at) === DATA;
    if (payload.length - at < 4 && !takesTheRest) return undefined;
    const start = at + (takesTheRest ? 2 : 4);
    const end = takesTheRest ? payload.length : start + payload.readUInt16LE(at + 2);
    if (end > payload.length) return undefined;
    attributes.push({ type: payload.readUInt16LE(at), value: payload.subarray(start, end) });
    at = end;
  }
  return attributes;
}

/** Puts commands together again, with lengths and CRCs that are right, whatever they say. */
export function joinStream(version: number, commands: readonly Cut[]): Buffer {
  const header = Buffer.from('btrfs-stream\0\0\0\0\0', 'latin1');
  header.writeUInt32LE(version, 13);
  return Buffer.concat([header, ...commands.map((command) => joinCommand(command, version))]);
}

function joinCommand({ type, attributes }: Cut, version: number): Buffer {
  const pieces = attributes.flatMap((attribute) => {
    const takesTheRest = version >= 2 && attribute.type === DATA;
    const head = Buffer.alloc(takesTheRest ? 2 : 4);
    head.writeUInt16LE(attribute.type, 0);
    if (!takesTheRest) head.writeUInt16LE(attribute.value.length & 0xffff, 2);
    return [head, attribute.value];
  });
  const whole = Buffer.concat([Buffer.alloc(COMMAND_HEADER), ...pieces]);
  whole.writeUInt32LE(whole.length - COMMAND_HEADER, 0);
  whole.writeUInt16LE(type, 4);
  whole.writeUInt32LE(crc32c(whole), 6);
  return whole;
}
