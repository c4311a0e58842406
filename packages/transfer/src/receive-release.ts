import { type Store, verifiedStream } from '@goldstream/store';
import type { Runner } from '@goldstream/system';
import { receiveStream } from './receive-stream.ts';
import { guardedStream, type OfferedStream, type ReceiveTarget } from './receive-target.ts';

/** Which stream of which release goes where. */
export interface ReceiveRequest extends ReceiveTarget, OfferedStream {
  readonly store: Store;
  /** How long the store may give nothing. Milliseconds; default 5 minutes. */
  readonly timeout?: number | undefined;
}

/** How long a source may give nothing, unless it is said. Milliseconds. */
export const DEFAULT_TIMEOUT = 5 * 60_000;

/**
 * store → verified chunks → `zstd -d` → guard → `btrfs receive --chroot`. A byte is handed on after its chunk was
 * verified, a command after the guard has seen it whole. The digest of the raw stream is not taken again: the chunks
 * were those of the signed manifest, and zstd's own checksum covers what it makes of them.
 *
 * What it leaves and what its end proves is said at `receiveStream`.
 */
export async function receiveRelease(runner: Runner, request: ReceiveRequest): Promise<void> {
  const { store, manifest, stream, into, as, timeout = DEFAULT_TIMEOUT, signal, onBytes } = request;
  await receiveStream(runner, {
    bytes: verifiedStream(store, manifest, stream),
    encoding: stream.encoding,
    guard: { kind: 'guard', streams: [guardedStream(request, request)], as },
    into,
    patience: { what: store.url, milliseconds: timeout },
    signal,
    onBytes,
  });
}
