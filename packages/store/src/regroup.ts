import type { Bytes } from './store.ts';

/**
 * Cuts bytes into views of exactly `size`, the last one shorter. A piece that fits is passed on as it is; others are
 * put together in one buffer. A view is valid until the next one is asked for.
 */
export async function* regroup(pieces: Bytes, size: number): Bytes {
  let buffer: Uint8Array | undefined;
  let filled = 0;
  for await (const piece of pieces) {
    for (let start = 0; start < piece.length; ) {
      const end = Math.min(piece.length, start + size - filled);
      if (end - start === size) {
        yield piece.subarray(start, end);
      } else {
        buffer ??= Buffer.allocUnsafeSlow(size);
        buffer.set(piece.subarray(start, end), filled);
        filled += end - start;
        if (filled === size) {
          yield buffer;
          filled = 0;
        }
      }
      start = end;
    }
  }
  if (buffer !== undefined && filled > 0) yield buffer.subarray(0, filled);
}
