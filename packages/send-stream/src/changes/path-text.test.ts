import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathText } from './path-text.ts';

const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

describe('the text of a path', () => {
  it.each([
    ['usr/bin/with space', 'usr/bin/with space'],
    [latin1('café/日本'), 'café/日本'],
    ['a\nb', 'a\\012b'],
    ['a\\b', 'a\\134b'],
    ['\xff\xfe', '\\377\\376'],
    [latin1('\u202egpj.exe'), '\\342\\200\\256gpj.exe'],
    [latin1('no\u00a0break'), 'no\\302\\240break'],
    ['half \xc3', 'half \\303'],
    ['\x1b[31m', '\\033[31m'],
  ])('of %j is %j', (path, text) => {
    expect(pathText(path)).toBe(text);
  });

  it('can be turned back into the bytes, whatever they are', { timeout: 60_000 }, () => {
    const back = (text: string) =>
      latin1(text).replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const path = Buffer.from(bytes).toString('latin1');
        expect(back(pathText(path))).toBe(path);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(back(pathText(latin1(text)))).toBe(latin1(text));
      }),
    );
  });
});
