import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyChunking, chunked } from '../../test/chunking.ts';
import { chmod, HARMLESS, link, mkfile, rename, timespec, xattr } from '../../test/commands.ts';
import { END, encodeCommand, encodeHeader, fullStream, SNAPSHOT } from '../../test/encode-stream.ts';
import { recorded } from '../../test/recorded.ts';
import { ChangeCollector, type Changes } from '../index.ts';

describe('the changes of a stream', () => {
  it('are those that the recorded incremental stream was made of', () => {
    const { created, changed, removed, renamed, links, metadata } = changesOf(recorded('incremental'));
    expect(renamed).toEqual([
      { from: 'a', to: 'b', type: 'directory' },
      { from: 'b', to: 'a', type: 'directory' },
      { from: 'outward', to: 'renamed', type: 'other' },
    ]);
    expect(changed).toEqual([{ path: 'a/file', type: 'file', bytes: 3000, carried: 3000 }]);
    expect(created).toMatchObject([
      { path: 'blocks', type: 'file', bytes: 16_384, carried: 16_384 },
      { path: 'sparse-copy', type: 'file', bytes: 4096, carried: 0, size: 65_536 },
    ]);
    expect(removed).toEqual([
      { path: 'empty', type: 'directory' },
      { path: 'hard-link', type: 'other' },
      { path: 'nothing', type: 'other' },
    ]);
    expect(links).toEqual([]);
    expect(metadata).toEqual([
      { path: 'b/file', xattrs: ['user.colour'] },
      { path: 'with space', mode: '0600' },
    ]);
  });

  it('are the same however the bytes come', () => {
    const stream = recorded('incremental');
    const whole = changesOf(stream);
    fc.assert(
      fc.property(anyChunking, (lengths) => {
        expect(changesOf(...chunked(stream, lengths))).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('are everything, for a full stream', () => {
    const changes = changesOf(fullStream(HARMLESS, mkfile('o257-7-0'), rename('o257-7-0', 'a/f'), chmod(0o644n, '')));
    expect(changes).toEqual({
      ...NONE,
      created: [
        { path: 'a', type: 'directory' },
        { path: 'a/f', type: 'file', bytes: 0, carried: 0 },
      ],
    });
  });

  it('are none where only times were set', () => {
    const utimes = encodeCommand('utimes', [
      ['path', 'f'],
      ['atime', timespec],
      ['mtime', timespec],
      ['ctime', timespec],
    ]);
    expect(changesOf(incremental(utimes))).toEqual(NONE);
  });

  it('call a file replaced that was removed and made again, also in a directory with another name', () => {
    expect(changesOf(incremental(rename('d', 'e'), unlink('e/f'), mkfile('o9-9-0'), rename('o9-9-0', 'e/f')))).toEqual({
      ...NONE,
      renamed: [{ from: 'd', to: 'e', type: 'directory' }],
      changed: [{ path: 'e/f', type: 'file', replaced: true, bytes: 0, carried: 0 }],
    });
  });

  it('name everything of a directory that is gone by the path it had', () => {
    const commands = [rename('d', 'o257-5-0'), unlink('o257-5-0/x'), rmdir('o257-5-0/sub'), rmdir('o257-5-0')];
    expect(changesOf(incremental(...commands)).removed).toEqual([
      { path: 'd', type: 'directory' },
      { path: 'd/sub', type: 'directory' },
      { path: 'd/x', type: 'other' },
    ]);
  });

  it('tell names of one file as links to the first', () => {
    const changes = changesOf(
      incremental(mkfile('o9-9-0'), link('b', 'o9-9-0'), rename('o9-9-0', 'c'), link('g', 'f')),
    );
    expect(changes.created).toMatchObject([{ path: 'b' }]);
    expect(changes.links).toEqual([
      { path: 'c', to: 'b' },
      { path: 'g', to: 'f' },
    ]);
  });

  it('tell what else changed of a file beside its contents', () => {
    const truncate = encodeCommand('truncate', [
      ['path', 'f'],
      ['size', 10n],
    ]);
    expect(changesOf(incremental(truncate, chmod(0o4755n, 'f'), xattr('user.x'))).changed).toEqual([
      { path: 'f', type: 'file', bytes: 0, carried: 0, size: 10, metadata: { mode: '4755' } },
    ]);
  });

  it('are not told of a stream that is cut off, or that names what cannot be', () => {
    const stream = incremental(mkfile('x'));
    expect(() => changesOf(stream.subarray(0, -3))).toThrow(expect.objectContaining({ code: 'SEND_STREAM_TRUNCATED' }));
    expect(() => changesOf(incremental(unlink('x'), unlink('x')))).toThrow(
      expect.objectContaining({ code: 'GUARD_NO_SUCH_PATH', offset: 112 }),
    );
  });
});

const NONE: Changes = { created: [], changed: [], removed: [], renamed: [], links: [], metadata: [] };

const unlink = (path: string) => encodeCommand('unlink', [['path', path]]);
const rmdir = (path: string) => encodeCommand('rmdir', [['path', path]]);

function incremental(...commands: readonly Uint8Array[]): Buffer {
  return Buffer.concat([encodeHeader(), SNAPSHOT, ...commands, END]);
}

function changesOf(...chunks: readonly Uint8Array[]): Changes {
  const collector = new ChangeCollector();
  for (const chunk of chunks) collector.push(chunk);
  return collector.end();
}
