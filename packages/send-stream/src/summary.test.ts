import { describe, expect, it } from 'vitest';
import { chunked } from '../test/chunking.ts';
import { chmod, HARMLESS, INO, link, mkfile, rename, xattr } from '../test/commands.ts';
import { encodeCommand, fullStream } from '../test/encode-stream.ts';
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

  it('names the largest files by their lasting names', async () => {
    const { largest } = await summarizeStream(stream(recorded('incremental')));
    expect(largest).toEqual([
      { path: 'blocks', carried: 16_384, bytes: 16_384 },
      { path: 'a/file', carried: 3000, bytes: 3000 },
      { path: 'sparse-copy', carried: 0, bytes: 4096 },
    ]);
  });

  it('finds what a policy is about, under the names that last', async () => {
    const symlink = (path: string, target: string) =>
      encodeCommand('symlink', [['path', path], INO, ['path_link', target]]);
    const mknod = encodeCommand('mknod', [['path', 'dev'], INO, ['mode', 0o20600n], ['rdev', 0x0501n]]);
    const commands = [
      [HARMLESS, mkfile('o258-7-0'), chmod(0o4755n, 'o258-7-0'), rename('o258-7-0', 'a/su'), link('su2', 'a/su')],
      [mkfile('f'), chmod(0o2755n, 'f'), chmod(0o755n, 'f'), mknod],
      [xattr('security.capability'), xattr('trusted.x'), xattr('user.x')],
      [symlink('a/in', '../su2'), symlink('a/out', '../../etc/passwd'), symlink('abs', '/etc')],
    ];
    const { findings } = await summarizeStream(stream(fullStream(...commands.flat())));
    expect(findings.map(({ kind, weight, path, says }) => `${weight} ${kind} ${path}: ${says}`)).toEqual([
      'policy capability a: security.capability',
      'policy xattr a: trusted.x',
      'information outward-symlink a/out: points to ../../etc/passwd',
      'policy set-id a/su: mode 4755',
      'information outward-symlink abs: points to /etc',
      'policy device dev: character device',
      'policy set-id su2: mode 4755',
    ]);
  });

  it('sums up a stream without contents, and one that makes no sense, and says so', async () => {
    expect((await summarizeStream(stream(recorded('no-data')))).findings).toContainEqual(
      expect.objectContaining({ kind: 'no-data' }),
    );
    const senseless = await summarizeStream(stream(fullStream(chmod(0o644n, 'nowhere'), chmod(0o644n, 'nowhere/f'))));
    expect(senseless).toMatchObject({
      commands: { chmod: { count: 2 } },
      findings: [{ kind: 'names', says: expect.stringMatching(/^byte \d+: chmod: nowhere does not exist/) }],
    });
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
