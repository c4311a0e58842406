import { unlessStalled } from '@goldstream/transfer';
import type { Tools } from '../tools.ts';
import type { FoundStream } from './find-streams.ts';
import { keepLittleGarbage } from './keep-little-garbage.ts';
import { withRawStream } from './open-stream.ts';

/** Less is read before anybody could read the line about it. Bytes. */
const WORTH_TELLING = 64 * 1024 * 1024;

/**
 * Hands the raw bytes of a stream to `use`, with progress where that takes a while.
 * @param timeout how long nothing may come, in milliseconds
 * @throws TransferError `TRANSFER_STALLED`, and what `use` throws
 */
export async function withStream<T>(
  { runner, io }: Tools,
  found: FoundStream,
  timeout: number,
  use: (raw: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  keepLittleGarbage();
  const patience = { what: found.label, milliseconds: timeout, signal: io.signal };
  try {
    return await withRawStream(runner, told(unlessStalled(found.open(), patience), found, io), io.signal, use);
  } finally {
    io.progress.stop();
  }
}

/** The same bytes, and how many there were is told once they are many. */
async function* told(
  bytes: AsyncIterable<Uint8Array>,
  { label, totalBytes }: FoundStream,
  { progress }: Tools['io'],
): AsyncGenerator<Uint8Array, void, void> {
  let before = 0;
  for await (const chunk of bytes) {
    yield chunk;
    if (before < WORTH_TELLING && before + chunk.length >= WORTH_TELLING) {
      progress.start({ label, ...(totalBytes === undefined ? {} : { totalBytes }) });
      progress.advance(before);
    }
    before += chunk.length;
    if (before >= WORTH_TELLING) progress.advance(chunk.length);
  }
}
