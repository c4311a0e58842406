import { readdirSync } from 'node:fs';
import { open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReleaseManifest, StreamEntry } from '@goldstream/release';
import { type Runner, type Running, systemRunner as runner } from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import {
  fileAssets,
  fileBytes,
  lookAtReceived,
  type OfferedStream,
  receiveBytes,
  receiveRelease,
} from '../src/index.ts';
import { type Workshop, workshopIn, writeRandom } from './released.ts';

const MIB = 1024 * 1024;
const INCOMING = '.incoming-0123456789abcdef';

describe('receiveBytes', () => {
  btrfsTest('takes a raw stream, and one compressed otherwise, under another name', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    await writeRandom(join(workshop.golden, 'large'), 5 * MIB);
    const manifest = await workshop.release('v1.0.0');
    const raw = workshop.raw(full(manifest));
    const otherwise = join(btrfs, 'otherwise.zst');
    await runner.run(['zstd', '--quiet', '-3', raw, '-o', otherwise]);

    for (const [file, as] of [
      [raw, INCOMING],
      [otherwise, '.incoming-fedcba9876543210'],
    ] as const) {
      expect(await receive(workshop, manifest, fileBytes([file]), { as })).toBeUndefined();
      expect(await lookAtReceived(runner, join(workshop.into, as), manifest)).toMatchObject({
        subvolume: { readonly: true, receivedUuid: manifest.snapshot.uuid },
      });
    }
    // A read-only subvolume gets its name within its directory.
    await rename(join(workshop.into, INCOMING), join(workshop.into, 'v1.0.0'));
  });

  btrfsTest('finds out from the stream which one it is, also when directories were swapped', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    const { golden, into } = workshop;
    await runner.run(['mkdir', '-p', join(golden, 'a/deep'), join(golden, 'b')]);
    await writeFile(join(golden, 'a/f'), 'of a');
    await writeFile(join(golden, 'a/deep/f'), 'deep');
    await writeFile(join(golden, 'b/f'), 'of b');
    const v1 = await workshop.release('v1.0.0');
    expect(await receive(workshop, v1, fileBytes([workshop.raw(full(v1))]), { as: 'v1.0.0' })).toBeUndefined();

    // Swapped, and then what is in them now changes places and contents too.
    for (const [from, to] of [
      ['a', 'c'],
      ['b', 'a'],
      ['c', 'b'],
      ['b/deep', 'a/deep'],
    ] as const) {
      await rename(join(golden, from), join(golden, to));
    }
    await writeFile(join(golden, 'a/f'), 'was of b');
    await writeFile(join(golden, 'a/deep/f'), 'moved');
    const v2 = await workshop.release('v2.0.0', v1);
    const [, incremental] = v2.streams;
    if (incremental === undefined) throw new Error('there is an incremental stream');
    const offers: readonly [OfferedStream, OfferedStream] = [
      { stream: full(v2) },
      { stream: incremental, parentDirectory: join(into, 'v1.0.0') },
    ];
    const bytes = fileBytes([workshop.raw(incremental)]);
    expect(await receive(workshop, v2, bytes, { as: 'v2.0.0', offers })).toBeUndefined();
    const read = (path: string) => readFile(join(into, 'v2.0.0', path), 'utf8');
    expect(await Promise.all(['a/f', 'b/f', 'a/deep/f'].map(read))).toEqual(['was of b', 'of a', 'moved']);
  });

  btrfsTest('never finishes a stream that is another one than was signed', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    await writeRandom(join(workshop.golden, 'large'), 2 * MIB);
    const manifest = await workshop.release('v1.0.0');
    const raw = await readFile(workshop.raw(full(manifest)));
    // Sound, from the same snapshot, and yet not what was signed.
    const stream = { ...full(manifest), rawSha256: 'ab'.repeat(32) };
    const error = await receive(workshop, manifest, [raw], { offers: [{ stream }] });
    expect(error).toMatchObject({ code: 'TRANSFER_NOT_THE_STREAM', exitCode: 5 });
    await expect(lookAtReceived(runner, join(workshop.into, INCOMING), manifest)).rejects.toMatchObject({
      code: 'TRANSFER_INCOMPLETE',
    });
    const longer = { ...full(manifest), rawBytes: raw.length + 1 };
    expect(await receive(workshop, manifest, [raw], { as: 'longer', offers: [{ stream: longer }] })).toMatchObject({
      code: 'TRANSFER_NOT_THE_STREAM',
      message: expect.stringContaining(`${raw.length} bytes, expected ${raw.length + 1}`),
    });
  });

  btrfsTest.for([
    ['a text', Buffer.from('hello, this is no stream at all\n'), 'SEND_STREAM_BAD_MAGIC'],
    ['nothing', Buffer.alloc(0), 'SEND_STREAM_TRUNCATED'],
    ['two bytes', Buffer.from('bt'), 'SEND_STREAM_TRUNCATED'],
  ] as const)('says what is wrong with %s', async ([, bytes, code], { btrfs }) => {
    const workshop = await workshopIn(btrfs);
    const manifest = await workshop.release('v1.0.0');
    expect(await receive(workshop, manifest, [bytes])).toMatchObject({ code });
    expect(await readdir(workshop.into)).toEqual([]);
  });

  btrfsTest('gives up on a source that stops in the middle, and ends its programs', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    await writeRandom(join(workshop.golden, 'large'), 2 * MIB);
    const manifest = await workshop.release('v1.0.0');
    const raw = await readFile(workshop.raw(full(manifest)));
    for (const given of [raw.subarray(0, MIB), Buffer.alloc(0)]) {
      const error = await receive(workshop, manifest, stopping(given), { as: `stopped-${given.length}`, timeout: 50 });
      expect(error).toMatchObject({ code: 'TRANSFER_STALLED', exitCode: 7 });
    }
  });

  btrfsTest('ends when one of its programs is killed, although its source has stopped', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    await writeRandom(join(workshop.golden, 'large'), 2 * MIB);
    const manifest = await workshop.release('v1.0.0');
    const raw = await readFile(workshop.raw(full(manifest)));
    const compressed = await readFile(workshop.asset(manifest));
    for (const [bytes, program] of [
      [raw, 'receive'],
      [compressed, 'receive'],
      [compressed, '--decompress'],
    ] as const) {
      const started = new Map<string, Running>();
      const killing = { ...runner, spawn: spawnInto(started) };
      const onBytes = () => started.get(program)?.kill('SIGKILL');
      const as = `killed-${bytes.length}-${program}`;
      const error = await receive(workshop, manifest, stopping(bytes.subarray(0, MIB)), {
        as,
        timeout: 3_600_000,
        runner: killing,
        onBytes,
      });
      expect(error).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringMatching(`${program}.*SIGKILL`) });
    }
  });

  btrfsTest('does not wait for a source whose stream was refused', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    const manifest = await workshop.release('v1.0.0');
    const error = await receive(workshop, manifest, stopping(Buffer.alloc(1000, 'x')), { timeout: 3_600_000 });
    expect(error).toMatchObject({ code: 'SEND_STREAM_BAD_MAGIC' });
  });
});

describe('fileAssets', () => {
  btrfsTest('verifies published assets chunk by chunk wherever they lie', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    await writeRandom(join(workshop.golden, 'large'), 9 * MIB);
    const manifest = await workshop.release('v1.0.0');
    const stream = full(manifest);
    const file = workshop.asset(manifest);
    const store = fileAssets([file], 'app');
    await receiveRelease(runner, { store, manifest, stream, into: workshop.into, as: 'good' });

    await using handle = await open(file, 'r+');
    await handle.write(Buffer.from('x'), 0, 1, manifest.chunkBytes + 5);
    await expect(
      receiveRelease(runner, { store, manifest, stream, into: workshop.into, as: 'bad' }),
    ).rejects.toMatchObject({ code: 'STORE_DIGEST_MISMATCH', message: expect.stringContaining('chunk 1') });
  });
});

interface Differing {
  readonly as?: string;
  readonly offers?: readonly [OfferedStream, ...OfferedStream[]];
  readonly timeout?: number;
  readonly runner?: Runner;
  readonly onBytes?: () => unknown;
}

/** What became of it; no descriptor is left, however it ended. */
async function receive(
  { into }: Workshop,
  manifest: ReleaseManifest,
  bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  {
    as = INCOMING,
    offers = [{ stream: full(manifest) }],
    timeout = 60_000,
    runner: starting = runner,
    onBytes = () => {},
  }: Differing = {},
): Promise<unknown> {
  const before = readdirSync('/proc/self/fd').length;
  const source = Readable.from(bytes);
  const error = await receiveBytes(starting, {
    manifest,
    into,
    as,
    streams: offers,
    bytes: source,
    what: 'a test',
    timeout,
    onBytes,
  }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  source.destroy();
  expect(readdirSync('/proc/self/fd').length).toBe(before);
  return error;
}

/** Notes each program that is started by each of its words. */
function spawnInto(started: Map<string, Running>): Runner['spawn'] {
  return (command, options) => {
    const running = runner.spawn(command, options);
    for (const word of command) started.set(word, running);
    return running;
  };
}

async function* stopping(bytes: Uint8Array) {
  yield bytes;
  await new Promise(() => {});
}

function full({ streams: [stream] }: ReleaseManifest): StreamEntry {
  if (stream === undefined) throw new Error('a release has a full stream');
  return stream;
}
