import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyChunking, chunked, readAll } from '../../test/chunking.ts';
import { END, encodeCommand, encodeHeader, SUBVOL } from '../../test/encode-stream.ts';
import { ALL_RECORDED, recorded } from '../../test/recorded.ts';
import { HeadReader, SubvolumeRenamer } from '../index.ts';

const headOf = (stream: Uint8Array) => new HeadReader().push(stream);
const renamed = (name: string | Uint8Array, chunks: readonly Uint8Array[]) => {
  const renamer = new SubvolumeRenamer(name);
  return Buffer.concat(chunks.flatMap((chunk) => renamer.push([chunk])));
};
const anyName = fc
  .uint8Array({ minLength: 1, maxLength: 255 })
  .filter((name) => !name.includes(0) && !name.includes(0x2f) && !/^\.\.?$/.test(Buffer.from(name).toString()));

describe.each(ALL_RECORDED)('a renamed %s', (recording) => {
  const stream = recorded(recording);
  const firstEnd = 17 + (readAll([stream])[0]?.length ?? 0);

  it('differs from the stream in the name alone', () => {
    const out = renamed('.incoming-7', [stream]);
    expect(headOf(out)).toEqual({ ...headOf(stream), name: '.incoming-7' });
    const [first, ...rest] = readAll([out]);
    expect(rest).toHaveLength(readAll([stream]).length - 1);
    expect(out.subarray(17 + (first?.length ?? 0))).toEqual(Buffer.from(stream.subarray(firstEnd)));
  });

  it('is the same however it is chunked, and the stream itself when it is named back', () => {
    const own = headOf(stream)?.name ?? '';
    fc.assert(
      fc.property(anyName, anyChunking, anyChunking, (name, there, back) => {
        const out = renamed(name, chunked(stream, there));
        expect(out).toEqual(renamed(name, [stream]));
        expect(renamed(own, chunked(out, back))).toEqual(Buffer.from(stream));
      }),
      { numRuns: 30 },
    );
  });
});

describe('SubvolumeRenamer', () => {
  it('holds back no more than the first command, and hands on the views themselves after it', () => {
    const renamer = new SubvolumeRenamer('v2');
    expect(renamer.push([encodeHeader(), SUBVOL.subarray(0, -1)])).toEqual([]);
    expect(headOf(Buffer.concat(renamer.push([SUBVOL.subarray(-1)])))).toMatchObject({ name: 'v2' });
    const views = [Buffer.from('whatever'), Buffer.from('comes')];
    expect(renamer.push(views)).toBe(views);
  });

  it('keeps attributes that it does not know', () => {
    const odd = encodeCommand('subvol', [
      [200, 'odd'],
      ['uuid', new Uint8Array(16)],
      ['path', 'long-name'],
      ['ctransid', 7n],
    ]);
    const [first] = readAll([renamed('v', [Buffer.concat([encodeHeader(), odd, END])])]);
    expect(first?.attributes.map(({ type }) => type)).toEqual([200, 1, 15, 2]);
    expect(first?.length).toBe(odd.length - 8);
  });

  it('refuses a stream whose first command names no subvolume', () => {
    const stream = Buffer.concat([encodeHeader(), encodeCommand('unlink', [['path', 'x']])]);
    expect(() => renamed('v2', [stream])).toThrowError(expect.objectContaining({ code: 'SEND_STREAM_NO_SUBVOLUME' }));
  });

  it.each(['', '.', '..', 'a/b', 'a\0', 'x'.repeat(256)])('refuses the name %j', (name) => {
    expect(() => new SubvolumeRenamer(name)).toThrow(RangeError);
  });
});
