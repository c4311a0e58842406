import { StoreError } from './error.ts';
import type { Bytes } from './store.ts';

/**
 * All bytes of a small file, copied.
 *
 * @param what its name, for the message
 * @throws StoreError `STORE_LENGTH_MISMATCH` beyond `limit`, before more is read than one view
 */
export async function readAtMost(bytes: Bytes, limit: number, what: string): Promise<Uint8Array> {
  const copies: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    if (length > limit) {
      throw new StoreError('STORE_LENGTH_MISMATCH', `${what} is too long: expected at most ${limit} bytes`);
    }
    // A copy: the view's memory is used again for the next one. (`slice` of a Buffer would be a view.)
    copies.push(Buffer.from(piece));
  }
  return Buffer.concat(copies, length);
}
