import { describe, expect, it } from 'vitest';
import { readAll } from '../test/chunking.ts';
import { END, encodeCommand, encodeHeader, type TestAttribute } from '../test/encode-stream.ts';
import { GRAMMAR } from './command.ts';
import { type AttributeName, COMMAND, type CommandName } from './protocol.ts';

const UUID = '00010203-0405-0607-0809-0a0b0c0d0e0f';
const bytes = Buffer.from(UUID.replaceAll('-', ''), 'hex');
const time = Buffer.from('ffffffffffffffff00ca9a3b', 'hex');

/** A value on the wire and what it becomes, for the attributes that are not 64-bit numbers. */
const SAMPLES: Partial<Record<AttributeName, readonly [wire: Uint8Array, value: unknown]>> = {
  uuid: [bytes, UUID],
  clone_uuid: [bytes, UUID],
  atime: [time, { seconds: -1n, nanoseconds: 1_000_000_000 }],
  mtime: [time, { seconds: -1n, nanoseconds: 1_000_000_000 }],
  ctime: [time, { seconds: -1n, nanoseconds: 1_000_000_000 }],
  otime: [time, { seconds: -1n, nanoseconds: 1_000_000_000 }],
  data: [bytes, [bytes]],
  compression: [bytes.subarray(0, 4), 0x03020100],
  encryption: [bytes.subarray(0, 4), 0x03020100],
  fallocate_mode: [bytes.subarray(0, 4), 0x03020100],
  verity_algorithm: [bytes.subarray(1, 2), 1],
  verity_block_size: [bytes.subarray(0, 4), 0x03020100],
  ...Object.fromEntries(
    [
      'path',
      'path_to',
      'path_link',
      'clone_path',
      'xattr_name',
      'xattr_data',
      'verity_salt_data',
      'verity_sig_data',
    ].map((name) => [name, [bytes, bytes]]),
  ),
};
const LARGE = 2n ** 64n - 1n;
const sampleOf = (name: AttributeName) => SAMPLES[name] ?? ([LARGE, LARGE] as const);

const decode = (kind: CommandName, names: readonly AttributeName[], version = 3) => {
  const attributes = names.map((name): TestAttribute => [name, sampleOf(name)[0]]);
  return readAll([Buffer.concat([encodeHeader(version), encodeCommand(kind, attributes, { version }), END])])[0];
};
/** `data` has to come last. */
const inOrder = (names: readonly AttributeName[]) =>
  names.toSorted((a, b) => Number(a === 'data') - Number(b === 'data'));

// The keys of a constant are exactly its names. `end` takes nothing and is tested wherever a stream ends.
const KINDS = (Object.keys(COMMAND) as CommandName[]).filter((kind) => kind !== 'end');

describe.each(KINDS)('%s', (kind) => {
  const { required, optional } = GRAMMAR[kind];

  it('is decoded with every attribute it can have', () => {
    const names = inOrder([...required, ...optional]);
    const values = Object.fromEntries(names.map((name) => [name, sampleOf(name)[1]]));
    expect(decode(kind, names)).toMatchObject({ kind, strange: [], ...values });
  });

  it.each(required)('is refused without %s', (missing) => {
    const names = inOrder(required.filter((name) => name !== missing));
    expect(() => decode(kind, names)).toThrowError(
      expect.objectContaining({
        code: 'SEND_STREAM_MISSING_ATTRIBUTE',
        offset: 17,
        message: expect.stringContaining(`${kind} has no ${missing}`),
      }),
    );
  });
});

describe('protocol 1', () => {
  it.each(KINDS.filter((kind) => COMMAND[kind] > COMMAND.update_extent))('does not know %s', (kind) => {
    expect(decode(kind, [], 1)).toMatchObject({ kind: 'unknown', type: COMMAND[kind] });
  });
});
