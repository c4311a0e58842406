import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinPath, parentOf, pathFromBytes, pathFromText, pathToBuffer, ROOT, showPath } from './path-bytes.ts';

describe('PathBytes', () => {
  it('gives back the bytes that it was made of, whatever they are', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => Buffer.compare(pathToBuffer(pathFromBytes(bytes)), bytes) === 0));
  });

  it('compares bytewise', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        const order = Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
        const [x, y] = [pathFromBytes(a), pathFromBytes(b)];
        expect(x < y ? -1 : x > y ? 1 : 0).toBe(order);
      }),
    );
  });

  it('knows what is above and below', () => {
    const path = joinPath(pathFromText('a'), joinPath(ROOT, pathFromText('b/c')));
    expect(path).toBe('a/b/c');
    expect(parentOf(path)).toBe('a/b');
    expect(parentOf(pathFromText('a'))).toBe(ROOT);
    expect(parentOf(ROOT)).toBeUndefined();
  });
});

describe('showPath', () => {
  it('shows UTF-8 as text', () => expect(showPath(pathFromText('usr/grün 🌿'))).toBe('usr/grün 🌿'));
  it('shows other bytes and control characters as escapes', () => {
    expect(showPath(pathFromBytes(Buffer.of(0x61, 0xff)))).toBe('a\\xff');
    expect(showPath(pathFromText('a\u001b[31m'))).toBe('a\\x1b[31m');
  });
  it('shows the root as a dot', () => expect(showPath(ROOT)).toBe('.'));
});
