import { describe, expect, it } from 'vitest';
import { INO, link, mkfile, rename } from '../../test/commands.ts';
import { END, encodeCommand, encodeHeader, SNAPSHOT } from '../../test/encode-stream.ts';
import type { ParentObject } from '../namespace/parent-lookup.ts';
import { collectDelta } from './delta-collector.ts';

const PARENT: Readonly<Record<string, ParentObject>> = {
  a: { kind: 'directory' },
  'a/f': { kind: 'file' },
  'a/linked': { kind: 'file', id: 300n },
  b: { kind: 'directory' },
  'b/f': { kind: 'file' },
  'b/linked': { kind: 'file', id: 300n },
};

describe('what a stream sends', () => {
  it('is told by the final path and the parent’s own', async () => {
    expect(await collected(extent('a/f', 0n, 8192n), extent('a/f', 8192n, 100n), rename('a', 'c'))).toEqual({
      files: [{ path: 'c/f', sent: [[0, 8292]], cloned: [], origin: { kind: 'kept', path: 'a/f' } }],
      gone: [],
    });
  });

  it('follows directories that are swapped', async () => {
    const swap = [rename('b', 'o258-14-0'), rename('a', 'b'), rename('o258-14-0', 'a')];
    expect((await collected(...swap, extent('a/f', 0n, 1n))).files).toMatchObject([
      { path: 'a/f', origin: { kind: 'kept', path: 'b/f' } },
    ]);
  });

  it('of a new file in a renamed directory belongs to the parent’s file at the old place', async () => {
    const { files, gone } = await collected(
      rename('a', 'c'),
      unlink('c/f'),
      mkfile('o400-9-0'),
      rename('o400-9-0', 'c/f'),
      extent('c/f', 0n, 5n),
    );
    expect(files).toMatchObject([{ path: 'c/f', origin: { kind: 'created', places: ['a/f'] } }]);
    expect(gone).toEqual(['a/f']);
  });

  it('of a new directory belongs to nothing', async () => {
    const mkdir = encodeCommand('mkdir', [['path', 'new'], INO]);
    expect((await collected(mkdir, mkfile('new/f'), extent('new/f', 0n, 5n))).files).toMatchObject([
      { path: 'new/f', origin: { kind: 'created', places: [] } },
    ]);
  });

  it('counts a file with several names once', async () => {
    const both = await collected(extent('b/linked', 0n, 4096n), extent('a/linked', 4096n, 4096n));
    expect(both.files).toEqual([
      { path: 'a/linked', sent: [[0, 8192]], cloned: [], origin: { kind: 'kept', path: 'b/linked' } },
    ]);
    const made = await collected(mkfile('a/new'), link('b/new', 'a/new'), extent('b/new', 0n, 10n));
    expect(made.files).toMatchObject([{ path: 'a/new', origin: { kind: 'created', places: ['a/new', 'b/new'] } }]);
  });

  it('does not take a file for gone that has another name', async () => {
    expect((await collected(link('a/g', 'a/f'), unlink('a/f'))).gone).toEqual([]);
  });

  it('leaves out what is only cloned, and files that are gone again', async () => {
    const clone = encodeCommand('clone', [
      ['file_offset', 0n],
      ['clone_len', 4096n],
      ['path', 'a/f'],
      ['clone_uuid', new Uint8Array(16)],
      ['clone_ctransid', 1n],
      ['clone_path', 'b/f'],
      ['clone_offset', 0n],
    ]);
    expect((await collected(clone, mkfile('x'), extent('x', 0n, 1n), unlink('x'))).files).toEqual([]);
    expect((await collected(clone, extent('a/f', 4096n, 1n))).files).toMatchObject([
      { sent: [[4096, 4097]], cloned: [[0, 4096]] },
    ]);
  });

  it('is the same of a stream with data', async () => {
    const write = encodeCommand('write', [
      ['path', 'a/f'],
      ['file_offset', 4096n],
      ['data', 'hello'],
    ]);
    expect((await collected(write)).files).toMatchObject([{ path: 'a/f', sent: [[4096, 4101]] }]);
  });

  it('keeps names that are no text', async () => {
    const path = Buffer.from('a/\xff \n', 'latin1');
    expect((await collected(mkfile(path), extent(path, 0n, 1n))).files).toMatchObject([{ path: 'a/\xff \n' }]);
  });

  it('refuses a stream that does not fit the parent', async () => {
    await expect(collected(extent('a/none', 0n, 1n))).rejects.toMatchObject({ code: 'GUARD_NO_SUCH_PATH' });
  });
});

async function collected(...commands: readonly Uint8Array[]) {
  const stream = Buffer.concat([encodeHeader(), SNAPSHOT, ...commands, END]);
  const { files, gone } = await collectDelta(
    (async function* () {
      yield stream;
    })(),
    { find: (path) => PARENT[Buffer.from(path).toString('latin1')] },
  );
  const plain = (ranges: Iterable<{ start: number; end: number }>) => [...ranges].map(({ start, end }) => [start, end]);
  return {
    files: files.map((file) => ({ ...file, sent: plain(file.sent), cloned: plain(file.cloned) })),
    gone,
  };
}

function extent(path: string | Uint8Array, offset: bigint, size: bigint): Buffer {
  return encodeCommand('update_extent', [
    ['path', path],
    ['file_offset', offset],
    ['size', size],
  ]);
}

function unlink(path: string): Buffer {
  return encodeCommand('unlink', [['path', path]]);
}
