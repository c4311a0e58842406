import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../error.ts';
import { type ContentHeaders, parseContent } from './parse-content.ts';

const END = Number.POSITIVE_INFINITY;
const parse = (status: number, headers: ContentHeaders, start = 0, end = END) =>
  parseContent({ status, headers, shown: 'https://host/file' }, start, end);

describe('parseContent', () => {
  it('takes a whole file, of known length or not', () => {
    expect(parse(200, { 'content-length': '7', etag: '"1"' })).toEqual({
      start: 0,
      end: 7,
      identity: { etag: '"1"', lastModified: undefined, total: 7 },
    });
    expect(parse(200, { 'content-encoding': 'identity' })).toMatchObject({ start: 0, end: undefined });
  });

  it('takes the part that was asked for, of a file of known length or not', () => {
    expect(parse(206, { 'content-range': 'bytes 5-9/10', 'content-length': '5' }, 5)).toMatchObject({
      start: 5,
      end: 10,
      identity: { total: 10 },
    });
    expect(parse(206, { 'content-range': 'bytes 5-9/*' }, 5, 20)).toMatchObject({
      end: 10,
      identity: { total: undefined },
    });
  });

  it('takes it for nothing when the file ends before', () => {
    expect(parse(416, { 'content-range': 'bytes */5' }, 5)).toBeUndefined();
  });

  it.each<[number, ContentHeaders]>([
    [200, { 'content-length': '-1' }],
    [200, { 'content-length': '1e3' }],
    [200, { 'content-length': '9999999999999999' }],
    [206, { 'content-range': 'bytes 5-9999999999999999/*' }],
    [206, { 'content-range': ' bytes 5-9/10' }],
  ])('refuses %i with %j', (status, headers) => {
    expect(() => parse(status, headers, 5)).toThrow(expect.objectContaining({ code: 'STORE_BAD_ANSWER' }));
  });

  it('never gives bytes that were not asked for, whatever a server says', () => {
    const number = fc.oneof(fc.nat(30).map(String), fc.string());
    fc.assert(
      fc.property(
        fc.constantFrom(200, 206, 416),
        fc.tuple(number, number, number).map(([first, last, total]) => `bytes ${first}-${last}/${total}`),
        fc.option(number, { nil: undefined }),
        fc.nat(20),
        fc.integer({ min: 21, max: 40 }),
        (status, range, length, start, end) => {
          try {
            const content = parse(status, { 'content-range': range, 'content-length': length }, start, end);
            if (content === undefined || status === 200) return;
            expect(content.start).toBe(start);
            expect(content.end).toBeGreaterThan(start);
            expect(content.end).toBeLessThanOrEqual(end);
          } catch (error) {
            expect(error).toBeInstanceOf(StoreError);
          }
        },
      ),
    );
  });
});
