import { read } from 'node:fs';
import { promisify } from 'node:util';

/** Bytes gathered before they are handed on. A pipe gives 64 KiB at once. */
const BLOCK_BYTES = 1024 * 1024;

const readAsync = promisify(read);

/**
 * Reads a pipe to its end, in blocks; the next one is read while the last one is used. A block is valid until the next
 * is asked for. The descriptor may be closed when this has ended, whichever way.
 */
export async function* readBlocks(descriptor: number): AsyncGenerator<Uint8Array, void, void> {
  let [filled, free] = [Buffer.allocUnsafeSlow(BLOCK_BYTES), Buffer.allocUnsafeSlow(BLOCK_BYTES)];
  let reading = fill(descriptor, filled);
  try {
    for (let length = await reading; length > 0; length = await reading) {
      const block = filled.subarray(0, length);
      [filled, free] = [free, filled];
      reading = fill(descriptor, filled);
      yield block;
    }
  } finally {
    // A descriptor must not be closed under a read.
    await reading.catch(() => {});
  }
}

/** Fills the buffer as far as the pipe goes; fewer bytes mean its end. */
async function fill(descriptor: number, buffer: Buffer): Promise<number> {
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await readAsync(descriptor, buffer, length, buffer.length - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}
