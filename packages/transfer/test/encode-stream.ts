import {
  ATTRIBUTE,
  type AttributeName,
  COMMAND,
  type CommandName,
  crc32c,
  type GuardExpectation,
} from '@goldstream/send-stream';

/** What the streams made here are. */
export const EXPECTED = {
  name: 'v1.0.0',
  uuid: '11111111-2222-3333-4444-555555555555',
  transid: 7n,
} as const satisfies GuardExpectation;

/** A stream of protocol 2 with these commands between its first one and its `end`. */
export function streamOf(...commands: readonly Uint8Array[]): Buffer {
  const header = Buffer.from('btrfs-stream\0\0\0\0\0', 'latin1');
  header.writeUInt32LE(2, 13);
  const subvol = command('subvol', [
    ['path', Buffer.from(EXPECTED.name)],
    ['uuid', Buffer.from(EXPECTED.uuid.replaceAll('-', ''), 'hex')],
    ['ctransid', u64(EXPECTED.transid)],
  ]);
  return Buffer.concat([header, subvol, ...commands, command('end')]);
}

/** Makes an empty file. */
export function mkfile(path: string): Buffer {
  return command('mkfile', [
    ['path', Buffer.from(path)],
    ['ino', u64(257n)],
  ]);
}

/** Makes a device node, which no guard lets pass. */
export function mknod(path: string): Buffer {
  return command('mknod', [
    ['path', Buffer.from(path)],
    ['ino', u64(258n)],
    ['mode', u64(0o20600n)],
    ['rdev', u64(1281n)],
  ]);
}

/** Writes data of any length: protocol 2 has no length field for it. */
export function write(path: string, data: Uint8Array): Buffer {
  return command('write', [
    ['path', Buffer.from(path)],
    ['file_offset', u64(0n)],
    ['data', data],
  ]);
}

function command(name: CommandName, attributes: readonly (readonly [AttributeName, Uint8Array])[] = []): Buffer {
  const payload = attributes.flatMap(([attribute, value]) => {
    const header = Buffer.alloc(attribute === 'data' ? 2 : 4);
    header.writeUInt16LE(ATTRIBUTE[attribute], 0);
    if (attribute !== 'data') header.writeUInt16LE(value.length, 2);
    return [header, value];
  });
  const whole = Buffer.concat([Buffer.alloc(10), ...payload]);
  whole.writeUInt32LE(whole.length - 10, 0);
  whole.writeUInt16LE(COMMAND[name], 4);
  whole.writeUInt32LE(crc32c(whole), 6);
  return whole;
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
