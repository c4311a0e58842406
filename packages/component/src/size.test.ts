import { describe, expect, it } from 'vitest';
import { parseSize } from './size.ts';

describe('parseSize', () => {
  it.each([
    ['4096', 4096],
    ['100MB', 100_000_000],
    ['1.9GiB', 2_040_109_465],
    ['1 KiB', 1024],
    ['0', 0],
  ])('reads %s as %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '-1', '1e9', '1,5GiB', '1GIB', '9007199254740993', 'GiB', '1 toString', '0x10'])(
    'refuses %j',
    (text) => {
      expect(parseSize(text)).toBeUndefined();
    },
  );
});
