import type { FileHandle } from 'node:fs/promises';
import { CHUNK_BYTES } from '@goldstream/release';
import type { Bytes } from '../store.ts';

/** As large as a chunk, so that a chunk that is read in step needs no copy. */
const PIECE_BYTES = CHUNK_BYTES;

/**
 * Reads a file from `start` to `end`, one piece ahead of who asks, in two buffers that take turns: a view is valid
 * until the next one is asked for. Ends early where the file does.
 */
export async function* readPieces(handle: FileHandle, start: number, end: number): Bytes {
  if (start >= end) return;
  const size = Math.min(PIECE_BYTES, end - start);
  const read = (into: Buffer, position: number) =>
    handle.read(into, 0, Math.max(0, Math.min(size, end - position)), position);

  let position = start;
  let spare: Buffer = Buffer.allocUnsafeSlow(size);
  let ahead = read(Buffer.allocUnsafeSlow(size), position);
  try {
    while (true) {
      const { bytesRead, buffer } = await ahead;
      if (bytesRead === 0) return;
      position += bytesRead;
      ahead = read(spare, position);
      // Awaited at the next turn; should that turn never come, then in `finally`.
      ahead.catch(() => {});
      spare = buffer;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    // The file must not be closed under a read.
    await ahead.catch(() => {});
  }
}
