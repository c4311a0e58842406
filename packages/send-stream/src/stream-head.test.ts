import { describe, expect, it } from 'vitest';
import { chunked } from '../test/chunking.ts';
import { END, encodeCommand, encodeHeader, UUID, uuidBytes } from '../test/encode-stream.ts';
import { recorded, recordedDump } from '../test/recorded.ts';
import { HeadReader } from './index.ts';

describe('HeadReader', () => {
  it('finds the head of a full stream', () => {
    const [subvol] = recordedDump('full');
    const [, uuid, transid] = /uuid=(\S+) transid=(\d+)/.exec(subvol?.rest ?? '') ?? [];
    const head = new HeadReader().push(recorded('full'));
    expect(head).toEqual({ version: 1, kind: 'full', name: 'v1.0.0', uuid, transid: BigInt(transid ?? 0) });
  });

  it('finds the head of an incremental stream, with its parent', () => {
    const parent = new HeadReader().push(recorded('incremental'));
    const head = new HeadReader().push(recorded('incremental-proto-2'));
    expect(head).toMatchObject({ version: 2, kind: 'incremental', name: 'v2.0.0', parent: { uuid: parent?.uuid } });
  });

  it('knows it as soon as the first command is complete, and looks no further', () => {
    const stream = recorded('full');
    const reader = new HeadReader();
    const seen = chunked(stream, [1]).findIndex((chunk) => reader.push(chunk) !== undefined);
    expect(seen).toBeLessThan(100);
    expect(reader.push(Buffer.from('anything'))).toBe(reader.head);
    expect(reader.end()).toBe(reader.head);
  });

  it('shows a name that is not UTF-8 as btrfs receive --dump does', () => {
    const subvol = encodeCommand('subvol', [
      ['path', Buffer.from('caf\xe9', 'latin1')],
      ['uuid', uuidBytes(UUID)],
      ['ctransid', 7n],
    ]);
    expect(new HeadReader().push(Buffer.concat([encodeHeader(), subvol]))?.name).toBe('caf\\351');
  });

  it('refuses a stream that begins with something else', () => {
    const headless = Buffer.concat([encodeHeader(), encodeCommand('unlink', [['path', 'x']]), END]);
    expect(() => new HeadReader().push(headless)).toThrowError(
      expect.objectContaining({ code: 'SEND_STREAM_NO_SUBVOLUME', offset: 17 }),
    );
  });

  it('refuses a stream that is cut off before it', () => {
    const reader = new HeadReader();
    reader.push(encodeHeader());
    expect(() => reader.end()).toThrowError(expect.objectContaining({ code: 'SEND_STREAM_TRUNCATED' }));
  });
});
