import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyChunking, chunked, comparable, readAll } from '../test/chunking.ts';
import { END, encodeCommand, encodeHeader, encodeRaw, fullStream, SUBVOL } from '../test/encode-stream.ts';
import { ALL_RECORDED, RECORDED, recorded, recordedDump } from '../test/recorded.ts';
import { ATTRIBUTE, CommandReader, displayPath, SendStreamError } from './index.ts';

const codeOf = (read: () => unknown): string | undefined => {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof SendStreamError) return error.code;
    throw error;
  }
};
const readWhole = (...parts: readonly Uint8Array[]) => readAll([Buffer.concat(parts)]);

describe.each(RECORDED)('the recorded stream %s', (name) => {
  it('has the commands and paths that btrfs receive --dump prints', () => {
    const whole = readAll([recorded(name)]);
    const dump = recordedDump(name);
    const subvolume = dump[0]?.path;
    const read = whole.slice(0, -1).map((command) => {
      const path = 'path' in command ? displayPath(command.path) : '';
      const isHead = command.kind === 'subvol' || command.kind === 'snapshot';
      return { title: command.kind, path: isHead ? `./${path}` : `${subvolume}/${path}` };
    });
    expect(read).toEqual(dump.map(({ title, path }) => ({ title, path })));
    expect(whole.at(-1)).toMatchObject({ kind: 'end' });
  });
});

describe.each(ALL_RECORDED)('the recorded stream %s', (name) => {
  const stream = recorded(name);
  const whole = readAll([stream]);

  it('holds nothing that the grammar of its protocol does not know', () => {
    expect(whole.filter(({ strange }) => strange.length > 0)).toEqual([]);
  });

  it('gives the same commands however it is chunked', () => {
    const expected = whole.map(comparable);
    fc.assert(
      fc.property(anyChunking, (lengths) => {
        expect(readAll(chunked(stream, lengths)).map(comparable)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  it('covers every byte with its header and commands', () => {
    expect(whole.reduce((at, { offset, length }) => (offset === at ? at + length : Number.NaN), 17)).toBe(
      stream.length,
    );
  });
});

describe('the values of the recorded commands', () => {
  it('are those that btrfs receive --dump prints', () => {
    const commands = readAll([recorded('incremental')]);
    const dump = recordedDump('incremental');
    const rests = commands.slice(0, -1).map((command) => {
      switch (command.kind) {
        case 'snapshot':
          return [
            `uuid=${command.uuid} transid=${command.ctransid}`,
            `parent_uuid=${command.clone_uuid} parent_transid=${command.clone_ctransid}`,
          ].join(' ');
        case 'write':
          return `offset=${command.file_offset} len=${Buffer.concat(command.data).length}`;
        case 'chown':
          return `gid=${command.gid} uid=${command.uid}`;
        case 'chmod':
          return `mode=${command.mode.toString(8)}`;
        case 'truncate':
          return `size=${command.size}`;
        case 'remove_xattr':
          return `name=${displayPath(command.xattr_name)}`;
        default:
          return undefined;
      }
    });
    const expected = dump.map(({ rest }, index) => (rests[index] === undefined ? undefined : rest));
    expect(rests).toEqual(expected);
    expect(rests.filter((rest) => rest !== undefined).length).toBeGreaterThan(6);
  });

  it('include data without a length in protocol 2', () => {
    const writes = readAll([recorded('incremental-proto-2')]).flatMap((command) =>
      command.kind === 'encoded_write' ? [[command.compression, Buffer.concat(command.data).length]] : [],
    );
    expect(writes).toEqual([
      [2, 4096],
      [2, 4096],
    ]);
  });

  it('are views of the chunks they came in', () => {
    const stream = recorded('full');
    const write = readAll([stream]).find(({ kind }) => kind === 'write');
    expect(write?.kind === 'write' && write.data[0]?.buffer === stream.buffer).toBe(true);
  });
});

describe('CommandReader', () => {
  it('hands out the sound commands before the one that is not', () => {
    const reader = new CommandReader();
    const damaged = Buffer.from(END).fill(1, 9);
    reader.push(Buffer.concat([encodeHeader(), SUBVOL, damaged]));
    expect(reader.read()).toMatchObject({ kind: 'subvol', offset: 17, length: SUBVOL.length });
    expect(reader.version).toBe(1);
    expect(() => reader.read()).toThrowError(
      expect.objectContaining({ code: 'SEND_STREAM_CRC_MISMATCH', offset: 17 + SUBVOL.length, exitCode: 4 }),
    );
  });

  it('refuses a length beyond the limit of its protocol before any of it came', () => {
    const long = (length: number) =>
      Buffer.from([...new Uint8Array(new Uint32Array([length]).buffer), 15, 0, 0, 0, 0, 0]);
    expect(codeOf(() => readWhole(encodeHeader(1), long(65536 - 9)))).toBe('SEND_STREAM_COMMAND_TOO_LONG');
    expect(codeOf(() => readWhole(encodeHeader(1), long(65536 - 10)))).toBe('SEND_STREAM_TRUNCATED');
    expect(codeOf(() => readWhole(encodeHeader(2), long(65536)))).toBe('SEND_STREAM_TRUNCATED');
    expect(codeOf(() => readWhole(encodeHeader(2), long(0xffffffff)))).toBe('SEND_STREAM_COMMAND_TOO_LONG');
  });

  it.each([0, 4, 0xffffffff])('refuses protocol version %i', (version) => {
    expect(codeOf(() => readWhole(encodeHeader(version), SUBVOL, END))).toBe('SEND_STREAM_BAD_VERSION');
  });

  it('refuses bytes after the end', () => {
    expect(codeOf(() => readWhole(fullStream(), Buffer.alloc(1)))).toBe('SEND_STREAM_TRAILING_DATA');
    expect(codeOf(() => readAll([fullStream(), fullStream()]))).toBe('SEND_STREAM_TRAILING_DATA');
  });

  it('keeps commands and attributes it does not know', () => {
    const [, odd, newer] = readWhole(
      fullStream(
        encodeCommand('unlink', [
          ['path', 'x'],
          [200, 'y'],
          ['mode', 1n],
        ]),
        encodeCommand('encoded_write', [['path', 'x']]),
      ),
    );
    expect(odd).toMatchObject({ kind: 'unlink', strange: [{ type: 200 }, { type: 5 }] });
    expect(newer).toMatchObject({ kind: 'unknown', type: 25, attributes: [{ type: 15 }] });
  });

  it.each([
    ['SEND_STREAM_MISSING_ATTRIBUTE', [['path', 'x']]],
    [
      'SEND_STREAM_DUPLICATE_ATTRIBUTE',
      [
        ['path', 'x'],
        ['mode', 1n],
        ['path', 'y'],
      ],
    ],
    [
      'SEND_STREAM_BAD_ATTRIBUTE',
      [
        ['path', 'x'],
        ['mode', 'abc'],
      ],
    ],
  ] as const)('says %s with the byte where it is', (code, attributes) => {
    expect(() => readWhole(fullStream(encodeCommand('chmod', attributes)))).toThrowError(
      expect.objectContaining({
        code,
        offset: expect.any(Number),
        message: expect.stringMatching(/byte \d+: .*(path|mode)/),
      }),
    );
  });

  it.each([19, 31, 32, 35, 36, 65535])('refuses attribute %i twice, known or not', (type) => {
    const twice = encodeCommand('unlink', [
      ['path', 'x'],
      [type, 'y'],
      [type, 'z'],
    ]);
    expect(codeOf(() => readWhole(fullStream(twice)))).toBe('SEND_STREAM_DUPLICATE_ATTRIBUTE');
  });

  it('takes every attribute number there can be in one command', () => {
    const attributes = Array.from({ length: 65536 }, (_, type) => [type, ''] as const);
    // From protocol 2 on the data attribute would take the rest.
    const all = encodeCommand(99, [...attributes.filter(([type]) => type !== ATTRIBUTE.data)], { version: 2 });
    const [odd] = readWhole(encodeHeader(2), all, END);
    expect(odd).toMatchObject({ kind: 'unknown', type: 99, length: 10 + 65535 * 4 });
  });

  it('says in which command a stream stops', () => {
    const stops = (length: number) => () => readAll([fullStream(SUBVOL).subarray(0, 17 + length)]);
    expect(stops(0)).toThrow('byte 17: the stream stops, expected another command or end');
    expect(stops(4)).toThrow('byte 17: the stream stops 4 bytes into a command header, expected 10');
    expect(stops(20)).toThrow(`byte 17: the stream stops 20 bytes into subvol, expected ${SUBVOL.length}`);
  });

  it('names the attribute that goes past the end of its command', () => {
    const broken = encodeRaw('unlink', Buffer.from('0f00050061', 'hex'));
    expect(() => readWhole(fullStream(broken))).toThrowError(
      expect.objectContaining({
        code: 'SEND_STREAM_BAD_ATTRIBUTE',
        message: expect.stringContaining('path needs 5 bytes, 1 are left'),
      }),
    );
  });
});
