import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BrokenPipe, RelayedError } from '../src/index.ts';
import { EXPECTED, mkfile, mknod, streamOf, write } from './encode-stream.ts';
import { pumped, unread } from './pumped.ts';

const MIB = 1024 * 1024;
const GUARD = { kind: 'guard', streams: [{ expectation: EXPECTED }] } as const;
const DIGEST = { kind: 'digest' } as const;

/** Recorded from a real kernel. */
const RECORDED = readFileSync(new URL('../../../fixtures/send-stream/full.btrfs', import.meta.url));

describe('a pump that digests', () => {
  it('hands every byte on and tells its SHA-256, its length and the head', async () => {
    const { out, result, told } = await pumped(DIGEST, [RECORDED]);
    expect(out.equals(RECORDED)).toBe(true);
    expect(result).toEqual({
      bytes: RECORDED.length,
      sha256: createHash('sha256').update(RECORDED).digest('hex'),
      head: expect.objectContaining({ kind: 'full', name: 'v1.0.0', version: 1 }),
    });
    expect(told).toBe(RECORDED.length);
  });

  it('refuses a stream that ends within its first command', async () => {
    const { error } = await pumped(DIGEST, [RECORDED.subarray(0, 40)]);
    expect(error).toMatchObject({ code: 'SEND_STREAM_TRUNCATED', category: 'input' });
  });

  it('ends with a broken pipe when nobody reads', async () => {
    expect(await unread([RECORDED, RECORDED])).toBeInstanceOf(BrokenPipe);
  });
});

describe('a pump that guards', () => {
  it('hands an accepted stream on byte for byte', async () => {
    const stream = streamOf(mkfile('a'), write('a', randomBytes(3 * MIB)), mkfile('b'));
    const { out, result, told } = await pumped(GUARD, [stream]);
    expect(out.equals(stream)).toBe(true);
    expect([result, told]).toEqual([{ bytes: stream.length }, stream.length]);
  });

  it('lets nothing pass of a command that it refuses, nor of what follows, and keeps the code', async () => {
    const before = [mkfile('a'), write('a', randomBytes(200_000))];
    const stream = streamOf(...before, mknod('null'), mkfile('b'));
    const { out, error } = await pumped(GUARD, [stream]);
    expect(error).toBeInstanceOf(RelayedError);
    expect(error).toMatchObject({ code: 'GUARD_DEVICE_NODE', category: 'trust' });
    // The same without the refused command and without `end`, which is held back until nothing follows it.
    const accepted = streamOf(...before);
    expect(out.length).toBeLessThanOrEqual(accepted.length - 10);
    expect(out.equals(accepted.subarray(0, out.length))).toBe(true);
  });

  it('refuses a stream that is cut off, and does not let its last, unfinished command pass', async () => {
    const stream = streamOf(mkfile('a'), write('a', randomBytes(100_000)));
    const { out, error } = await pumped(GUARD, [stream.subarray(0, -50)]);
    expect(error).toMatchObject({ code: 'SEND_STREAM_TRUNCATED' });
    const accepted = streamOf(mkfile('a'));
    expect(out.equals(accepted.subarray(0, accepted.length - 10))).toBe(true);
  });

  it('holds a command together that is longer than its memory', async () => {
    const stream = streamOf(
      mkfile('a'),
      write('a', randomBytes(6 * MIB)),
      mkfile('b'),
      write('b', randomBytes(9 * MIB)),
    );
    const { out, error } = await pumped(GUARD, [stream]);
    expect(error).toBeUndefined();
    expect(out.equals(stream)).toBe(true);
  });

  it.each([1, 2, 3, 4, 5, 6])('gives the same bytes however slowly they come (seed %i)', async (seed) => {
    const lengths = [10, 4000, 70_000, 131_072, 1_000_000, 4 * MIB - 300, 5 * MIB];
    const commands = Array.from({ length: 12 }, (_, at) => {
      const length = lengths[hash(seed, at) % lengths.length] ?? 0;
      return [mkfile(`f${at}`), write(`f${at}`, randomBytes(length))];
    }).flat();
    const stream = streamOf(...commands);
    const { out, error } = await pumped(GUARD, pieces(stream, seed));
    expect(error).toBeUndefined();
    expect(out.equals(stream)).toBe(true);
  });
});

describe('every pump', () => {
  it('closes its descriptors, whether it ends well or not', async () => {
    await pumped(DIGEST, [RECORDED]);
    const before = readdirSync('/proc/self/fd').length;
    await pumped(DIGEST, [RECORDED]);
    await pumped(GUARD, [streamOf(mknod('null'))]);
    await unread([RECORDED]);
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });
});

/** Cuts into pieces of 1 byte to 200 KB, differently for each seed. */
function* pieces(bytes: Uint8Array, seed: number): Generator<Uint8Array> {
  const lengths = [1, 9, 17, 4095, 4096, 60_000, 65_536, 65_537, 200_000];
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const length = lengths[hash(seed, index) % lengths.length] ?? 1;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

/** A number that depends on both, the same at every run. */
function hash(seed: number, index: number): number {
  return createHash('sha256').update(`${seed}/${index}`).digest().readUInt32LE(0);
}
