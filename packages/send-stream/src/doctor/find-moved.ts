import type { BlockIndex } from './block-index.ts';
import type { ByteRange } from './byte-ranges.ts';
import { BLOCK_BYTES, type OpenContent } from './contents.ts';
import { blocksOf, readPieces } from './read-pieces.ts';

/**
 * Puts every block of a file into the index. Blocks of zeros are left out: they lie everywhere, and cost nothing once
 * they are compressed.
 */
export async function indexBlocks(
  index: BlockIndex,
  file: OpenContent,
  number: number,
  onBytes: (bytes: number) => void = () => {},
): Promise<void> {
  for await (const piece of readPieces(file, [{ start: 0, end: file.size }])) {
    if (index.isFull) return;
    for (const { bytes } of blocksOf(piece)) if (!isZero(bytes)) index.add(bytes, number);
    onBytes(piece.bytes.length);
  }
}

/** Bytes of blocks that the index knows, by the number of the file that holds them. */
export async function findMoved(
  index: BlockIndex,
  file: OpenContent,
  ranges: Iterable<ByteRange>,
  onBytes: (bytes: number) => void = () => {},
): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>();
  for await (const piece of readPieces(file, ranges)) {
    for (const { bytes } of blocksOf(piece)) {
      const holder = isZero(bytes) ? undefined : index.find(bytes);
      if (holder !== undefined) found.set(holder, (found.get(holder) ?? 0) + bytes.length);
    }
    onBytes(piece.bytes.length);
  }
  return found;
}

function isZero(block: Uint8Array): boolean {
  return Buffer.compare(block, ZEROS.subarray(0, block.length)) === 0;
}

const ZEROS = new Uint8Array(BLOCK_BYTES);
