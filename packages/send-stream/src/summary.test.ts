import { describe, expect, it } from 'vitest';
import { chunked } from '../test/chunking.ts';
import { RECORDED, recorded, recordedDump } from '../test/recorded.ts';
import { Summarizer, summarizeStream } from './index.ts';

async function* stream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* chunked(bytes, [1000]);
}

describe.each(RECORDED)('the summary of the recorded stream %s', (name) => {
  it('counts what btrfs receive --dump lists, in the order of the protocol', async () => {
    const bytes = recorded(name);
    const summary = await summarizeStream(stream(bytes));
    const counts = Object.entries(summary.commands).map(([kind, { count }]) => [kind, count]);
    const titles = [...recordedDump(name).map(({ title }) => title), 'end'];
    const expected = new Map<string, number>();
    for (const title of titles) expected.set(title, (expected.get(title) ?? 0) + 1);
    expect(new Map(counts as [string, number][])).toEqual(expected);
    expect(summary.bytes).toBe(bytes.length);
    expect(Object.values(summary.commands).reduce((sum, totals) => sum + totals.bytes, 17)).toBe(bytes.length);
  });
});

describe('summarizeStream', () => {
  it('tells contents sent from contents cloned, and counts paths by their lasting names', async () => {
    const summary = await summarizeStream(stream(recorded('incremental')));
    expect(summary).toMatchObject({ dataBytes: 3000 + 16384, clonedBytes: 4096n, head: { name: 'v1.1.0' } });
    const full = await summarizeStream(stream(recorded('full')));
    // The root, a, b, empty, a/file and its hard link, b/file, nothing, four odd names, symlink, fifo, sparse.
    expect(full.paths).toBe(15);
  });

  it('refuses a stream that is cut off', async () => {
    const cut = recorded('full').subarray(0, -10);
    await expect(summarizeStream(stream(cut))).rejects.toMatchObject({ code: 'SEND_STREAM_TRUNCATED' });
  });
});

describe('Summarizer', () => {
  it('knows the head while bytes go by', () => {
    const summarizer = new Summarizer();
    summarizer.push(recorded('full').subarray(0, 100));
    expect(summarizer.head).toMatchObject({ name: 'v1.0.0', kind: 'full' });
  });
});
