import { createReadStream } from 'node:fs';
import { TransferError } from './error.ts';

/** Bytes that are read at once. */
const READ_BYTES = 1024 * 1024;

/**
 * The bytes of files, one after the other.
 * @param range of the bytes of a single file: `end` is not included
 * @throws TransferError `TRANSFER_UNREADABLE`
 */
export async function* fileBytes(
  files: readonly string[],
  { start = 0, end = Number.POSITIVE_INFINITY }: { readonly start?: number; readonly end?: number } = {},
): AsyncGenerator<Uint8Array, void, void> {
  for (const file of files) {
    if (end <= start) return;
    try {
      // A stream without an encoding gives buffers. Its `end` is included.
      yield* createReadStream(file, { highWaterMark: READ_BYTES, start, end: end - 1 }) as AsyncIterable<Buffer>;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
      throw new TransferError(
        'TRANSFER_UNREADABLE',
        `${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}`,
        {
          cause,
          hint: 'Name files that are there and can be read.',
        },
      );
    }
  }
}
