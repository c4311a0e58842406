import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c, FOLDS } from './crc32c.ts';
import { foldTables } from './fold-tables.ts';
import { crc32cByTable } from './table.ts';
import { BLOCK_LENGTH, WINDOW_LENGTH } from './wasm-module.ts';

const ALL = 0xffffffff;
const standard = (bytes: Uint8Array) => (crc32c(bytes, ALL) ^ ALL) >>> 0;

describe('crc32c', () => {
  it('gives the check values of RFC 3720 once inverted', () => {
    expect(standard(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
    expect(standard(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(standard(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
    expect(standard(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e);
  });

  it('folds in WebAssembly on the Node that runs these tests', () => {
    expect(FOLDS).toBe(true);
  });

  it.each([
    0,
    1,
    2 * BLOCK_LENGTH - 1,
    2 * BLOCK_LENGTH,
    2 * BLOCK_LENGTH + 1,
    WINDOW_LENGTH - 1,
    WINDOW_LENGTH,
    WINDOW_LENGTH + 1,
    WINDOW_LENGTH + 2 * BLOCK_LENGTH,
    200_003,
  ])('is the same as by table for %i bytes', (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => Math.imul(index + 1, 0x9e3779b1) >>> 24);
    expect(crc32c(bytes, 0x12345678)).toBe(crc32cByTable(bytes, 0x12345678));
  });

  it('continues over pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.nat(3000), (bytes, cut) => {
        expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(crc32cByTable(bytes, 0));
      }),
    );
  });
});

describe('foldTables', () => {
  it('says so when columns of that distance cannot hold a CRC', () => {
    expect(() => foldTables(64)).toThrow(RangeError);
  });
});
