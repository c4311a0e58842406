import { describe, expect, it } from 'vitest';
import { parseSums, renderSums } from './sha256sums.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

describe('SHA256SUMS', () => {
  it('is sorted by name, and read back as it was', () => {
    const text = renderSums([
      { name: 'b.zst', sha256: B },
      { name: 'a.zst', sha256: A },
    ]);
    expect(text).toBe(`${A}  a.zst\n${B}  b.zst\n`);
    expect(parseSums(text)).toEqual([
      { name: 'a.zst', sha256: A },
      { name: 'b.zst', sha256: B },
    ]);
  });

  it('is read with the star of binary mode too', () => {
    expect(parseSums(`${A} *a.zst\n`)).toEqual([{ name: 'a.zst', sha256: A }]);
  });

  it.each([
    ['a path', `${A}  ../a\n`],
    ['an absolute path', `${A}  /a\n`],
    ['an escaped name', `\\${A}  a\\nb\n`],
    ['a name with a space', `${A}  a b\n`],
    ['a short digest', `${A.slice(1)}  a\n`],
    ['one space', `${A} a\n`],
    ['an empty line', `${A}  a\n\n`],
    ['Windows line ends', `${A}  a\r\n`],
    ['no newline at the end', `${A}  a`],
    ['a name given twice', `${A}  a\n${B}  a\n`],
  ])('refuses %s', (_, text) => {
    expect(() => parseSums(text)).toThrow(expect.objectContaining({ code: 'RELEASE_BAD_SUMS', exitCode: 4 }));
  });

  it('is not written with names that could not be read', () => {
    expect(() => renderSums([{ name: 'a b', sha256: A }])).toThrow('line 1');
  });
});
