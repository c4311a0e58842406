import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyChunking, chunked } from '../../test/chunking.ts';
import { END, encodeCommand, fullStream } from '../../test/encode-stream.ts';
import { expectationOf, FULL, refusalOf } from '../../test/guarding.ts';
import { recorded } from '../../test/recorded.ts';
import { createGuard } from '../index.ts';

describe.each(['full', 'incremental', 'incremental-proto-2'] as const)('the recorded stream %s', (name) => {
  const stream = recorded(name);
  const expected = expectationOf(name);

  it('passes byte for byte, however it is chunked', () => {
    fc.assert(
      fc.property(anyChunking, (lengths) => {
        const guard = createGuard({ ...expected, maxBytes: stream.length });
        const passed = chunked(stream, lengths).flatMap((chunk) => guard.push(chunk));
        expect(Buffer.concat([...passed, ...guard.end()]).equals(stream)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('passes without being copied', () => {
    const guard = createGuard(expected);
    const passed = [...guard.push(stream), ...guard.end()];
    expect(passed.map(({ buffer }) => buffer)).toEqual(passed.map(() => stream.buffer));
    expect(passed).toHaveLength(2);
  });

  it('keeps its end back until nothing followed it', () => {
    const guard = createGuard(expected);
    expect(Buffer.concat(guard.push(stream))).toHaveLength(stream.length - END.length);
    expect(Buffer.concat(guard.end())).toEqual(END);
  });
});

describe('a stream that is cut off', () => {
  const stream = recorded('incremental-proto-2');
  const expected = expectationOf('incremental-proto-2');

  it('is refused wherever that is, and whole commands only have passed', () => {
    for (let length = 0; length < stream.length; length += 1) {
      const { error, passed } = refusalOf(expected, [stream.subarray(0, length)]);
      expect(error, `cut at ${length}`).toMatchObject({ code: 'SEND_STREAM_TRUNCATED', exitCode: 4 });
      expect(passed.length).toBeLessThanOrEqual(Math.min(length, stream.length - END.length));
    }
  });
});

describe('a guard', () => {
  it('refuses what follows the end, and has not passed the end', () => {
    const { error, passed } = refusalOf(FULL, [fullStream(), Buffer.of(0)]);
    expect(error).toMatchObject({ code: 'SEND_STREAM_TRAILING_DATA', offset: fullStream().length });
    expect(passed).toEqual(fullStream().subarray(0, -END.length));
  });

  it('refuses a stream that goes on after its announced length', () => {
    const stream = fullStream();
    expect(refusalOf({ ...FULL, maxBytes: stream.length }, [stream]).error).toBeUndefined();
    const { error } = refusalOf({ ...FULL, maxBytes: stream.length - 1 }, [stream]);
    expect(error).toMatchObject({ code: 'GUARD_TOO_LONG', offset: stream.length - 1, exitCode: 5 });
  });

  it('stays closed once it refused', () => {
    const guard = createGuard(FULL);
    const hostile = fullStream(
      encodeCommand('mkfile', [
        ['path', '/etc/x'],
        ['ino', 257n],
      ]),
    );
    expect(() => guard.push(hostile)).toThrowError(expect.objectContaining({ code: 'GUARD_BAD_PATH' }));
    expect(() => guard.push(fullStream())).toThrowError(expect.objectContaining({ code: 'GUARD_BAD_PATH' }));
    expect(() => guard.end()).toThrowError(expect.objectContaining({ code: 'GUARD_BAD_PATH' }));
  });

  it('refuses a damaged stream whichever bit is flipped outside the version, and passes nothing of the damage', () => {
    const stream = recorded('full');
    const anyBit = fc.nat(stream.length * 8 - 1).filter((bit) => bit < 13 * 8 || bit >= 17 * 8);
    fc.assert(
      fc.property(anyBit, anyChunking, (bit, lengths) => {
        const flipped = Uint8Array.from(stream);
        flipped[bit >>> 3] = (flipped[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
        const { error, passed } = refusalOf(expectationOf('full'), chunked(flipped, lengths));
        expect(error).toMatchObject({ category: 'input' });
        expect(passed.equals(stream.subarray(0, passed.length))).toBe(true);
        expect(passed.length).toBeLessThanOrEqual(bit >>> 3);
      }),
      { numRuns: 200 },
    );
  });
});
