import { readdirSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AssetDigester, type ReleaseManifest, type StreamEntry } from '@goldstream/release';
import { findSubvolume, type Runner, systemRunner as runner, showSubvolume } from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { lookAtReceived, type ReceiveRequest, receiveRelease } from '../src/index.ts';
import { type Workshop, workshopIn, writeRandom } from './released.ts';

const MIB = 1024 * 1024;

describe('receiveRelease', () => {
  btrfsTest('receives a full stream, and an incremental one on it', async ({ btrfs }) => {
    const { golden, into, release, store } = await workshopIn(btrfs);
    await writeRandom(join(golden, 'large'), 9 * MIB);
    const v1 = await release('v1.0.0');
    await writeFile(join(golden, 'more'), 'more');
    const v2 = await release('v2.0.0', v1);

    let told = 0;
    const onBytes = (bytes: number) => {
      told += bytes;
    };
    await receiveRelease(runner, { store, manifest: v1, stream: full(v1), into, onBytes });
    expect(told).toBe(full(v1).assets[0]?.bytes);
    const incremental = v2.streams[1] ?? full(v2);
    await receiveRelease(runner, {
      store,
      manifest: v2,
      stream: incremental,
      into,
      parentDirectory: join(into, 'v1.0.0'),
    });
    for (const manifest of [v1, v2]) {
      expect(await lookAtReceived(runner, join(into, manifest.version), manifest)).toMatchObject({
        subvolume: { readonly: true, receivedUuid: manifest.snapshot.uuid },
      });
    }
    expect(await readFile(join(into, 'v2.0.0/more'), 'utf8')).toBe('more');
    const [sent, received] = await Promise.all([golden, join(into, 'v2.0.0')].map((at) => readFile(join(at, 'large'))));
    expect(sent !== undefined && received?.equals(sent)).toBe(true);
  });

  btrfsTest('lets nothing of a chunk with one wrong bit out, and ends its programs', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    await writeRandom(join(workshop.golden, 'large'), 18 * MIB);
    const manifest = await workshop.release('v1.0.0');
    // In the third chunk of five.
    const at = 2 * manifest.chunkBytes + 12_345;
    await flipBit(workshop.asset(manifest), at);
    const { error, handedOn } = await receive(workshop, manifest);
    expect(error).toMatchObject({ code: 'STORE_DIGEST_MISMATCH', message: expect.stringContaining('chunk 2') });
    expect(handedOn).toBe(2 * manifest.chunkBytes);
    const stub = join(workshop.into, 'v1.0.0');
    expect(await showSubvolume(runner, stub)).toMatchObject({ readonly: false, receivedUuid: undefined });
    // What cannot be compressed is as long as it was: two chunks hold no more of it than this.
    for (const name of await readdir(stub)) {
      expect((await stat(join(stub, name))).size).toBeLessThanOrEqual(2 * manifest.chunkBytes);
    }
  });

  btrfsTest('names btrfs receive as the cause when the target exists', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    await writeRandom(join(workshop.golden, 'large'), 9 * MIB);
    const manifest = await workshop.release('v1.0.0');
    await mkdir(join(workshop.into, 'v1.0.0'));
    const { error } = await receive(workshop, manifest);
    expect(error).toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringMatching(/^btrfs receive .*File exists/s),
    });
    expect(await readdir(join(workshop.into, 'v1.0.0'))).toEqual([]);
  });

  btrfsTest('names btrfs receive as the cause when the parent is missing', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    const v1 = await workshop.release('v1.0.0');
    await writeRandom(join(workshop.golden, 'large'), 9 * MIB);
    const v2 = await workshop.release('v2.0.0', v1);
    for (const path of ['snapshots/v1.0.0', 'snapshots/v2.0.0']) {
      await runner.run(['btrfs', 'subvolume', 'delete', join(btrfs, path)]);
    }
    const { error } = await receive(workshop, v2, {
      stream: v2.streams[1] ?? full(v2),
      parentDirectory: join(workshop.into, 'v1.0.0'),
    });
    expect(error).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringMatching(/^btrfs receive .*parent/s) });
  });

  btrfsTest.for(['garbage at the front', 'garbage in the middle', 'a cut'])(
    'names zstd as the cause of %s that was published and signed',
    async (what, { btrfs }) => {
      const workshop = await workshopIn(btrfs);
      await writeRandom(join(workshop.golden, 'large'), 5 * MIB);
      const good = await workshop.release('v1.0.0');
      const bytes = await readFile(workshop.asset(good));
      const spoilt =
        what === 'a cut'
          ? bytes.subarray(0, -1000)
          : bytes.fill('garbage', ...(what === 'garbage at the front' ? [0, 100] : [MIB, MIB + 10_000]));
      const manifest = await republish(workshop, good, spoilt);
      const { error } = await receive(workshop, manifest);
      expect(error).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringMatching(/^zstd /) });
    },
  );

  btrfsTest.for([
    ['name', { name: 'v9.9.9' }, 'GUARD_WRONG_NAME'],
    ['UUID', { uuid: '11111111-2222-3333-4444-555555555555' }, 'GUARD_WRONG_UUID'],
    ['transid', { transid: 99_999 }, 'GUARD_WRONG_TRANSID'],
  ] as const)('refuses a stream of another %s than the manifest names', async ([, differing, code], { btrfs }) => {
    const workshop = await workshopIn(btrfs);
    await writeRandom(join(workshop.golden, 'large'), 5 * MIB);
    const good = await workshop.release('v1.0.0');
    const { error } = await receive(workshop, { ...good, snapshot: { ...good.snapshot, ...differing } });
    expect(error).toMatchObject({ code, category: 'trust' });
    expect(await readdir(workshop.into)).toEqual([]);
  });

  btrfsTest('refuses a stream that goes on after its announced length', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    await writeRandom(join(workshop.golden, 'large'), 2 * MIB);
    const good = await workshop.release('v1.0.0');
    const { error } = await receive(workshop, good, { stream: { ...full(good), rawBytes: MIB } });
    expect(error).toMatchObject({ code: 'GUARD_TOO_LONG' });
  });

  btrfsTest('ends when it is told to, with the reason that it was given', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    await writeRandom(join(workshop.golden, 'large'), 18 * MIB);
    const manifest = await workshop.release('v1.0.0');
    const stop = new AbortController();
    const reason = new Error('asked to stop');
    const { error } = await receive(workshop, manifest, { signal: stop.signal, onBytes: () => stop.abort(reason) });
    expect(error).toBe(reason);
    const left = await findSubvolume(runner, join(workshop.into, 'v1.0.0'));
    expect(left?.receivedUuid).toBeUndefined();
  });

  btrfsTest('says that zstd is missing when it is', async ({ btrfs }) => {
    const workshop = await workshopIn(btrfs);
    const manifest = await workshop.release('v1.0.0');
    const spawn: Runner['spawn'] = ([program, ...args], options) =>
      runner.spawn([program === 'zstd' ? 'no-such-zstd' : program, ...args], options);
    const { error } = await receive(workshop, manifest, {}, { ...runner, spawn });
    expect(error).toMatchObject({ code: 'TOOL_MISSING', message: expect.stringContaining('no-such-zstd') });
  });
});

/** Receives the full stream, and demands that neither a process nor a descriptor is left, however it ends. */
async function receive(
  { store, into }: Workshop,
  manifest: ReleaseManifest,
  request: Partial<ReceiveRequest> = {},
  by: Runner = runner,
): Promise<{ readonly error: unknown; readonly handedOn: number }> {
  const pids: number[] = [];
  const spawn: Runner['spawn'] = (command, options) => {
    const child = by.spawn(command, options);
    pids.push(child.pid);
    return child;
  };
  const before = readdirSync('/proc/self/fd').length;
  let handedOn = 0;
  const onBytes = (bytes: number) => {
    handedOn += bytes;
    request.onBytes?.(bytes);
  };
  const all = { store, manifest, stream: full(manifest), into, ...request, onBytes };
  const error = await receiveRelease({ ...by, spawn }, all).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(readdirSync('/proc/self/fd').length).toBe(before);
  const left = new Set(readdirSync('/proc'));
  expect(pids.filter((pid) => left.has(`${pid}`))).toEqual([]);
  return { error, handedOn };
}

function full({ streams: [stream] }: ReleaseManifest): StreamEntry {
  if (stream === undefined) throw new Error('a release has a full stream');
  return stream;
}

async function flipBit(path: string, at: number): Promise<void> {
  await using file = await open(path, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
  await file.write(Buffer.of((buffer[0] ?? 0) ^ 1), 0, 1, at);
}

/** Publishes other bytes as the same release, with digests that fit. */
async function republish(workshop: Workshop, manifest: ReleaseManifest, bytes: Uint8Array): Promise<ReleaseManifest> {
  const path = workshop.asset(manifest);
  await rm(path);
  await writeFile(path, bytes);
  const [asset] = full(manifest).assets;
  const digester = new AssetDigester();
  digester.update(bytes);
  return { ...manifest, streams: [{ ...full(manifest), assets: [{ name: asset?.name ?? '', ...digester.digest() }] }] };
}
