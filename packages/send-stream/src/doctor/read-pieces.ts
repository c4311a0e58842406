import type { ByteRange } from './byte-ranges.ts';
import { BLOCK_BYTES, type OpenContent, READ_BYTES, readBuffer } from './contents.ts';

/** Bytes of a file, and where they lie in it. A view that is valid until the next piece is asked for. */
export interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * Reads ranges of a file in pieces of at most {@link READ_BYTES}, cut at multiples of it, so that a piece never holds a
 * part of a block unless its range does. A range that goes past the file's end is read as far as the file goes.
 */
export async function* readPieces(file: OpenContent, ranges: Iterable<ByteRange>): AsyncGenerator<Piece, void, void> {
  const buffer = readBuffer(file);
  for (const { start, end } of ranges) {
    const last = Math.min(end, file.size);
    for (let offset = start; offset < last; ) {
      const wanted = Math.min(last, offset - (offset % READ_BYTES) + READ_BYTES) - offset;
      const bytesRead = await file.read(buffer.subarray(0, wanted), offset);
      if (bytesRead > 0) yield { offset, bytes: buffer.subarray(0, bytesRead) };
      if (bytesRead < wanted) break;
      offset += wanted;
    }
  }
}

/** Cuts a piece at multiples of {@link BLOCK_BYTES} of its file. */
export function* blocksOf({ offset, bytes }: Piece): Generator<Piece, void, void> {
  for (let at = 0; at < bytes.length; ) {
    const length = BLOCK_BYTES - ((offset + at) % BLOCK_BYTES);
    yield { offset: offset + at, bytes: bytes.subarray(at, at + length) };
    at += length;
  }
}
