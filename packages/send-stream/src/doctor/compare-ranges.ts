import { type ByteRange, ByteRanges } from './byte-ranges.ts';
import { type OpenContent, readBuffer } from './contents.ts';
import { blocksOf, readPieces } from './read-pieces.ts';

/** What a comparison found. Together these are the bytes that were compared. */
export interface Comparison {
  /** Bytes in blocks that both files hold at the same offset. */
  readonly equal: number;
  /** All other blocks. */
  readonly different: ByteRanges;
}

/**
 * Compares two files in these ranges, block by block. A block counts as equal only when all of its bytes in the range
 * are; where `before` has ended there is nothing to be equal to.
 */
export async function compareRanges(
  now: OpenContent,
  before: OpenContent,
  ranges: Iterable<ByteRange>,
  onBytes: (bytes: number) => void = () => {},
): Promise<Comparison> {
  const different = new ByteRanges();
  const buffer = readBuffer(now);
  let equal = 0;
  for await (const piece of readPieces(now, ranges)) {
    const { offset, bytes } = piece;
    const other = buffer.subarray(0, await before.read(buffer.subarray(0, bytes.length), offset));
    if (isEqual(bytes, other)) equal += bytes.length;
    else {
      for (const block of blocksOf(piece)) {
        const at = block.offset - offset;
        if (isEqual(block.bytes, other.subarray(at, at + block.bytes.length))) equal += block.bytes.length;
        else different.add(block.offset, block.offset + block.bytes.length);
      }
    }
    onBytes(bytes.length);
  }
  return { equal, different };
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
