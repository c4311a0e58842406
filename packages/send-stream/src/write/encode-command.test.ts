import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCommand, anyCommandOf, isKnown, KINDS } from '../../test/any-command.ts';
import { anyChunking, chunked, readAll } from '../../test/chunking.ts';
import { END, encodeRaw } from '../../test/encode-stream.ts';
import { ALL_RECORDED, recorded } from '../../test/recorded.ts';
import { type Command, encodeCommand, encodeStreamHeader, type NewCommand, reencodeCommand } from '../index.ts';

const versionOf = (stream: Uint8Array) => stream[13] ?? 0;
const streamOf = (version: number, commands: readonly (readonly Uint8Array[])[]) =>
  Buffer.concat([encodeStreamHeader(version), ...commands.flat(), END]);
const encoded = (version: number, commands: readonly NewCommand[]) =>
  streamOf(
    version,
    commands.map((command) => encodeCommand(command, version)),
  );
const reencoded = (version: number, commands: readonly Command[]) =>
  Buffer.concat([encodeStreamHeader(version), ...commands.flatMap((command) => reencodeCommand(command, version))]);
/** Values, whatever pieces data came in. */
const valuesOf = (command: NewCommand) => {
  const { data, ...values } = { data: undefined, ...command };
  return { ...values, data: data === undefined ? undefined : Buffer.concat(data) };
};
const anyStream = fc
  .integer({ min: 1, max: 3 })
  .chain((version) =>
    fc.record({ version: fc.constant(version), commands: fc.array(anyCommand(version), { maxLength: 8 }) }),
  );

describe.each(ALL_RECORDED)('the recorded stream %s', (name) => {
  const stream = recorded(name);
  const version = versionOf(stream);

  it('is the same bytes when every command is written again', () => {
    fc.assert(
      fc.property(anyChunking, (lengths) => {
        expect(reencoded(version, readAll(chunked(stream, lengths))).equals(stream)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same bytes when it is made anew of the values of its commands', () => {
    const commands = readAll([stream]).filter(({ kind }) => kind !== 'end');
    // Recorded streams hold nothing unknown.
    expect(encoded(version, commands as readonly NewCommand[]).equals(stream)).toBe(true);
  });
});

describe('encodeCommand', () => {
  it('writes what is read as the same values', () => {
    fc.assert(
      fc.property(anyStream, anyChunking, ({ version, commands }, lengths) => {
        const read = readAll(chunked(new Uint8Array(encoded(version, commands)), lengths)).slice(0, -1);
        expect(read.map(({ kind }) => kind)).toEqual(commands.map(({ kind }) => kind));
        for (const [index, command] of commands.entries()) {
          expect(valuesOf(read[index] as NewCommand)).toMatchObject(valuesOf(command));
        }
      }),
    );
  });

  it('writes streams that are the same bytes when written again', () => {
    fc.assert(
      fc.property(anyStream, anyChunking, ({ version, commands }, lengths) => {
        const stream = encoded(version, commands);
        expect(reencoded(version, readAll(chunked(stream, lengths))).equals(stream)).toBe(true);
      }),
    );
  });

  it.each(KINDS)('writes %s', (kind) => {
    fc.assert(
      fc.property(anyCommandOf(kind), (command) => {
        const [read] = readAll([kind === 'end' ? encoded(3, []) : encoded(3, [command])]);
        expect(read).toMatchObject({ kind, strange: [] });
        expect(isKnown(kind, 3)).toBe(true);
      }),
      { numRuns: 5 },
    );
  });

  it('hands file data on as the pieces they came in', () => {
    const data = [Buffer.from('one'), Buffer.from('two')];
    const write = { kind: 'write', path: Buffer.from('f'), file_offset: 0n, data } as const;
    expect(encodeCommand(write, 1).slice(1)).toEqual(data);
    expect(encodeCommand(write, 1)[1]).toBe(data[0]);
  });

  it('writes data without a length from protocol 2 on, and last', () => {
    const fields = { path: Buffer.from('f'), file_offset: 0n, compression: 2 };
    const sizes = { unencoded_file_len: 1n, unencoded_len: 1n, unencoded_offset: 0n };
    const data = [new Uint8Array(100_000)];
    const [read] = readAll([encoded(2, [{ kind: 'encoded_write', ...fields, ...sizes, data }])]);
    expect(read?.attributes.at(-1)).toMatchObject({ type: 19 });
    expect(read).toMatchObject({ kind: 'encoded_write', compression: 2, length: 10 + 5 + 4 * 12 + 8 + 2 + 100_000 });
  });

  it.each<[string, NewCommand, number]>([
    ['a value beyond its field', { kind: 'truncate', path: Buffer.from('f'), size: 2n ** 64n }, 1],
    ['a negative one', { kind: 'truncate', path: Buffer.from('f'), size: -1n }, 1],
    [
      'a number beyond 32 bits',
      { kind: 'fallocate', path: Buffer.from('f'), fallocate_mode: 2 ** 32, file_offset: 0n, size: 0n },
      2,
    ],
    ['a UUID that is none', { kind: 'subvol', path: Buffer.from('f'), uuid: 'x', ctransid: 1n }, 1],
    ['an attribute beyond 64 KiB', { kind: 'unlink', path: new Uint8Array(65536) }, 2],
    ['a command beyond its protocol', { kind: 'unlink', path: new Uint8Array(65530) }, 1],
    ['a protocol there is not', { kind: 'unlink', path: Buffer.from('f') }, 4],
  ])('refuses %s', (_, command, version) => {
    expect(() => encodeCommand(command, version)).toThrow(RangeError);
  });
});

describe('reencodeCommand', () => {
  it('keeps commands and attributes that nobody knows', () => {
    const odd = [
      encodeRaw(200, Buffer.from('c8000100ff', 'hex')),
      encodeRaw('unlink', Buffer.from('c80000000f00010061', 'hex')),
    ];
    for (const version of [1, 2, 3]) {
      const stream = streamOf(version, [odd]);
      expect(reencoded(version, readAll([stream])).equals(stream)).toBe(true);
    }
  });
});

describe('encodeStreamHeader', () => {
  it.each([0, 4, 1.5, Number.NaN])('refuses protocol %d', (version) => {
    expect(() => encodeStreamHeader(version)).toThrow(RangeError);
  });
});
