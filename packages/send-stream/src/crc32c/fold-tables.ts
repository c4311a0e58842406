import { crc32cByTable } from './table.ts';

/** Planes a block is cut into: byte `i` of each plane together make column `i`, 32 bits. */
export const PLANES = 4;

/** Bytes of one look-up table: what 4 bits of one input byte put into one output byte. */
export const TABLE_LENGTH = 16;

/**
 * The tables by which a block is moved forward by its own length, so that it can be added (XOR) to the block after it.
 *
 * A CRC without inversions is linear over GF(2). A column – the bytes at the same place of the four planes – has 32
 * bits, as many as the CRC; where columns and CRCs map one to one, there is exactly one column whose CRC is that of a
 * given column followed by a block of zeros. The map from one to the other is linear, the same for every column, and is
 * found by solving for it; each of its 4 × 4 byte-to-byte parts is then tabulated by nibble, since 16 entries are what
 * one SIMD shuffle looks up.
 *
 * @param blockLength bytes; its quarter is the distance of the planes. Not every distance has a solution: 16 has none,
 *   32 has.
 * @returns tables in the order input plane, low or high nibble, output plane
 * @throws RangeError when the distance has no solution
 */
export function foldTables(blockLength: number): Uint8Array {
  const unitBits = Array.from({ length: 32 }, (_, bit) => bit);
  const here = unitBits.map((bit) => crcOfColumnBit(bit, blockLength, 0));
  const moved = unitBits.map((bit) => crcOfColumnBit(bit, blockLength, blockLength));
  const express = solver(here);
  const map = moved.map(express);

  const tables = new Uint8Array(PLANES * 2 * PLANES * TABLE_LENGTH);
  for (let index = 0; index < tables.length; index++) {
    const nibble = index % TABLE_LENGTH;
    const output = (index >>> 4) % PLANES;
    const firstBit = (index >>> 6) * 4;
    let column = 0;
    for (let bit = 0; bit < 4; bit++) if ((nibble >>> bit) & 1) column ^= map[firstBit + bit] as number;
    tables[index] = column >>> (8 * output);
  }
  return tables;
}

/** The CRC of a block in which only bit `bit` of its last column is set, followed by `zeros` bytes of 0. */
function crcOfColumnBit(bit: number, blockLength: number, zeros: number): number {
  const plane = bit >>> 3;
  const bytes = new Uint8Array(blockLength + zeros);
  bytes[((plane + 1) * blockLength) / PLANES - 1] = 1 << (bit & 7);
  return crc32cByTable(bytes, 0);
}

/** Gauss-Jordan over GF(2): answers which of the 32 `basis` vectors add up to a vector, as a bit mask. */
function solver(basis: readonly number[]): (vector: number) => number {
  let rest = basis.map((vector, index) => ({ vector, mask: 1 << index }));
  const pivots: { bit: number; vector: number; mask: number }[] = [];
  for (let bit = 0; bit < 32; bit++) {
    const pivot = rest.find(({ vector }) => (vector >>> bit) & 1);
    if (pivot === undefined) throw new RangeError('this distance of planes has no solution');
    const clear = <Row extends { vector: number; mask: number }>(row: Row): Row =>
      (row.vector >>> bit) & 1 ? { ...row, vector: row.vector ^ pivot.vector, mask: row.mask ^ pivot.mask } : row;
    rest = rest.filter((row) => row !== pivot).map(clear);
    pivots.push({ bit, ...pivot });
  }
  // A pivot's lower bits were cleared before it was chosen, so one pass from the lowest bit upwards is enough.
  return (wanted) => {
    let left = wanted;
    let mask = 0;
    for (const pivot of pivots) {
      if (((left >>> pivot.bit) & 1) === 0) continue;
      left ^= pivot.vector;
      mask ^= pivot.mask;
    }
    return mask;
  };
}
