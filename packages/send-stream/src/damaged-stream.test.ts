import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyChunking, chunked, readAll } from '../test/chunking.ts';
import { END, encodeCommand, encodeHeader, encodeRaw, SUBVOL } from '../test/encode-stream.ts';
import { ALL_RECORDED, recorded } from '../test/recorded.ts';
import { ATTRIBUTE, COMMAND, crc32c, SendStreamError } from './index.ts';

/** The right CRC for every command that still has a header, whatever else was done to the stream. */
const withRightCrcs = (stream: Uint8Array): Uint8Array => {
  const mended = Buffer.from(stream);
  for (let at = 17; at + 10 <= mended.length; ) {
    const end = at + 10 + mended.readUInt32LE(at);
    mended.writeUInt32LE(0, at + 6);
    mended.writeUInt32LE(crc32c(mended.subarray(at, end)), at + 6);
    at = end;
  }
  return mended;
};
const flip = (stream: Uint8Array, bit: number): Uint8Array => {
  const flipped = Uint8Array.from(stream);
  flipped[bit >>> 3] = (flipped[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
};

/** What is thrown names a byte of the stream and says what is wrong there; anything else fails the test. */
const refusalOf = (stream: Uint8Array, chunks: readonly Uint8Array[]): SendStreamError | undefined => {
  try {
    readAll(chunks);
    return undefined;
  } catch (error) {
    if (!(error instanceof SendStreamError)) throw error;
    expect(error.code).toMatch(/^SEND_STREAM_/);
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(stream.length);
    expect(error.message).toMatch(new RegExp(`^send stream, byte ${error.offset}: .*(${FIELDS.join('|')})`));
    return error;
  }
};
const FIELDS = [
  ...Object.keys(COMMAND),
  ...Object.keys(ATTRIBUTE),
  ...['command \\d', 'attribute', 'magic', 'protocol version', 'stream header', 'command header'],
  ...['another command', 'end command', 'expected a send stream'],
];

describe('any damage', () => {
  const streams = ALL_RECORDED.map((name) => recorded(name));
  const anyRecorded = fc.constantFrom(...streams.filter(({ length }) => length < 20_000));
  const anyBits = fc.array(fc.nat(), { minLength: 1, maxLength: 3 });
  const flipped = (stream: Uint8Array, bits: readonly number[]) =>
    bits.reduce((damaged, bit) => flip(damaged, bit % (stream.length * 8)), stream);

  it('that cuts a stream is refused at a byte of it, however it is chunked', () => {
    fc.assert(
      fc.property(anyRecorded, fc.nat(), anyChunking, (stream, at, lengths) => {
        const cut = stream.subarray(0, at % stream.length);
        expect(refusalOf(cut, chunked(cut, lengths))).toMatchObject({ code: 'SEND_STREAM_TRUNCATED' });
      }),
      { numRuns: 200 },
    );
  });

  it('that flips bits is refused at a byte of the stream, or means something, also where CRCs are right again', () => {
    fc.assert(
      fc.property(anyRecorded, anyBits, fc.boolean(), anyChunking, (stream, bits, mended, lengths) => {
        const damaged = flipped(stream, bits);
        refusalOf(stream, chunked(mended ? withRightCrcs(damaged) : damaged, lengths));
      }),
      { numRuns: 200 },
    );
  });

  it('in the lengths and types of attributes is refused with the right CRC too', () => {
    const payload = encodeCommand('rename', [
      ['path', 'some/path'],
      ['path_to', 'to/another'],
    ]).subarray(10);
    for (let bit = 0; bit < payload.length * 8; bit++) {
      for (const version of [1, 2, 3]) {
        const stream = Buffer.concat([encodeHeader(version), SUBVOL, encodeRaw('rename', flip(payload, bit)), END]);
        refusalOf(stream, [stream]);
      }
    }
  });
});

describe('a damaged stream', () => {
  const stream = recorded('incremental-proto-2');

  it('is refused wherever it is cut off', () => {
    for (let length = 0; length < stream.length; length++) {
      const cut = stream.subarray(0, length);
      expect(refusalOf(cut, [cut])?.code, `cut at ${length}`).toBe('SEND_STREAM_TRUNCATED');
    }
  });

  it('is refused whichever bit is flipped outside the version, the only field without a check', () => {
    const anyBit = fc.nat(stream.length * 8 - 1).filter((bit) => bit < 13 * 8 || bit >= 17 * 8);
    fc.assert(
      fc.property(anyBit, (bit) => {
        expect(refusalOf(stream, [flip(stream, bit)])).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('is refused when bytes are random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const behindHeader = Buffer.concat([encodeHeader(2), bytes]);
        expect(refusalOf(bytes, [bytes])).toBeDefined();
        expect(refusalOf(behindHeader, [behindHeader])).toBeDefined();
      }),
    );
  });
});
