import { describe, expect, it } from 'vitest';
import { chunked, readAll } from '../test/chunking.ts';
import { recorded } from '../test/recorded.ts';
import { CommandReader, readCommands } from './index.ts';

async function* source(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* chunked(bytes, [777]);
}

describe('readCommands', () => {
  it('yields every command of a stream, end included', async () => {
    const reader = new CommandReader();
    const kinds: string[] = [];
    for await (const { kind } of readCommands(source(recorded('incremental-proto-2')), reader)) kinds.push(kind);
    expect(kinds).toEqual(readAll([recorded('incremental-proto-2')]).map(({ kind }) => kind));
    expect(reader).toMatchObject({ version: 2, ended: true });
  });

  it('fails when the stream is cut off', async () => {
    const drain = async () => {
      for await (const _ of readCommands(source(recorded('full').subarray(0, 5000))));
    };
    await expect(drain()).rejects.toMatchObject({ code: 'SEND_STREAM_TRUNCATED' });
  });
});
