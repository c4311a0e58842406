import type { Runner } from '@goldstream/system';
import { receiveStream } from './receive-stream.ts';
import { guardedStream, type OfferedStream, type ReceiveTarget } from './receive-target.ts';
import { inTime, type Patience } from './unless-stalled.ts';

/** Bytes from anywhere that claim to be a stream of a release. */
export interface ReceiveBytesRequest extends ReceiveTarget {
  /** A raw send stream, or one compressed by zstd at any level. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What the bytes come from, as in messages. */
  readonly what: string;
  /** The streams that this host could take, of which it must be one. */
  readonly streams: readonly [OfferedStream, ...OfferedStream[]];
  /** How long nothing may come. Milliseconds. */
  readonly timeout: number;
}

/** RFC 8878, 3.1.1: the first bytes of every zstd frame. */
const ZSTD_MAGIC = Buffer.of(0x28, 0xb5, 0x2f, 0xfd);

/**
 * Bytes that are not the published assets → `zstd -d` where they need it → guard → `btrfs receive --chroot`. Every
 * command passes the guard; and before the last one, without which nothing is finished, length and SHA-256 of the whole
 * raw stream are proven to be those of the signed manifest.
 *
 * What it leaves and what its end proves is said at `receiveStream`.
 */
export async function receiveBytes(runner: Runner, request: ReceiveBytesRequest): Promise<void> {
  const { bytes, what, streams, into, as, timeout, signal, onBytes } = request;
  const patience = { what, milliseconds: timeout };
  const { head, all } = await beginning(bytes, { ...patience, signal: signal ?? new AbortController().signal });
  const proven = (offered: OfferedStream) => ({
    ...guardedStream(request, offered),
    proof: { bytes: offered.stream.rawBytes, sha256: offered.stream.rawSha256 },
  });
  const [first, ...others] = streams;
  await receiveStream(runner, {
    bytes: all,
    encoding: head.equals(ZSTD_MAGIC) ? 'zstd' : 'raw',
    guard: { kind: 'guard', streams: [proven(first), ...others.map(proven)], as },
    into,
    patience,
    signal,
    onBytes,
  });
}

/** The first four bytes, or fewer if there are no more, and all bytes from the first on. */
async function beginning(bytes: AsyncIterable<Uint8Array>, patience: Patience) {
  const source = bytes[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let length = 0;
  while (length < ZSTD_MAGIC.length) {
    const next = await inTime(source.next(), patience);
    if (next.done) break;
    // A copy: the view may be used again for the next one.
    held.push(Buffer.from(next.value));
    length += next.value.length;
  }
  async function* all() {
    yield* held;
    yield* { [Symbol.asyncIterator]: () => source };
  }
  return { head: Buffer.concat(held).subarray(0, ZSTD_MAGIC.length), all: all() };
}
