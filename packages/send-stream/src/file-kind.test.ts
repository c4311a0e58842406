import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readAll } from '../test/chunking.ts';

const tar = Buffer.alloc(1024);
tar.write('op-dbus/', 0);
tar.write('ustar', 257);

describe('a file that is no send stream', () => {
  it.each([
    ['zstd', Buffer.from('28b52ffd0458', 'hex'), 'a zstd frame', 'Decompress it first: zstd -dc FILE'],
    ['gzip', gzipSync('hello'), 'gzip data', 'Decompress it first: gzip -dc FILE'],
    ['xz', Buffer.from('fd377a585a000004', 'hex'), 'xz data', 'Decompress it first: xz -dc FILE'],
    ['zip', Buffer.from('PK\x03\x04.........'), 'a zip archive', 'Name a file that btrfs send wrote, or pipe one in.'],
    ['tar', tar, 'a tar archive', 'Name a file that btrfs send wrote, or pipe one in.'],
    [
      'HTML',
      Buffer.from('<!DOCTYPE html>\n<p>404 – gone'),
      'a web page',
      'Check the address it came from: servers answer with a page when they lack a file.',
    ],
    ['text', Buffer.from('{ "name": "é" }'), 'text', 'Name a file that btrfs send wrote, or pipe one in.'],
    ['bzip2', Buffer.from('BZh91AY'), 'bzip2 data', 'Decompress it first: bzip2 -dc FILE'],
    ['squashfs', Buffer.from('hsqs....'), 'a squashfs image', 'Name a file that btrfs send wrote, or pipe one in.'],
    ['a disk image', Buffer.alloc(4096), 'a run of zero bytes', 'Name a file that btrfs send wrote, or pipe one in.'],
    ['noise', Buffer.from('8899aabb', 'hex'), 'this does not begin with the magic', undefined],
  ])('is named: %s', (_, bytes, says, hint) => {
    const expected = {
      code: 'SEND_STREAM_BAD_MAGIC',
      offset: 0,
      hint,
      message: expect.stringContaining(says),
      exitCode: 4,
    };
    expect(() => readAll([bytes])).toThrowError(expect.objectContaining(expected));
    expect(() => readAll([...bytes].map((byte) => Uint8Array.of(byte)))).toThrowError(
      expect.objectContaining(expected),
    );
  });

  it('is refused before its end, however long it is', () => {
    const endless = Buffer.alloc(512, 0x88);
    expect(() => readAll([endless, endless])).toThrowError(expect.objectContaining({ code: 'SEND_STREAM_BAD_MAGIC' }));
  });

  it('may be nothing at all', () => {
    expect(() => readAll([])).toThrowError(
      expect.objectContaining({ code: 'SEND_STREAM_TRUNCATED', message: expect.stringContaining('there is nothing') }),
    );
  });
});
