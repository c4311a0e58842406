import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSize } from './parse-size.ts';
import { parseValue } from './parse-value.ts';
import type { ValueSpec } from './values.ts';

describe('a size', () => {
  it.each([
    ['0', 0],
    ['4096', 4096],
    ['4KiB', 4096],
    ['8GiB', 8 * 1024 ** 3],
    ['1.9 GiB', 2_040_109_465],
    ['2GB', 2_000_000_000],
    ['1kB', 1000],
    ['7B', 7],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '-1', '1e3', '1K', '1kib', 'GiB', '1.GiB', '0x10', '9999999PiB', '1 2', '1constructor', '1\n'])(
    '%j is none',
    (text) => {
      expect(parseSize(text)).toBeUndefined();
    },
  );

  it('never is anything but a safe number of bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,20}(\.\d{1,5})? ?[kKMGTP]?i?B?$/)), (text) => {
        const bytes = parseSize(text);
        return bytes === undefined || (Number.isSafeInteger(bytes) && bytes >= 0);
      }),
    );
  });
});

describe('a value', () => {
  const parse = (spec: ValueSpec, text: string) => parseValue(spec, text, '--x');

  it.each<[ValueSpec, string, unknown]>([
    [{ type: 'string' }, '', ''],
    [{ type: 'integer' }, '-12', -12],
    [{ type: 'integer', min: 1, max: 3 }, '3', 3],
    [{ type: 'size' }, '1KiB', 1024],
    [{ type: 'choice', choices: ['a', 'b'] }, 'b', 'b'],
    [{ type: 'parsed', parse: (text: string) => text.length }, 'abc', 3],
  ])('of %j: %j is %j', (spec, text, value) => {
    expect(parse(spec, text)).toBe(value);
  });

  it.each<[ValueSpec, string, string]>([
    [{ type: 'integer' }, '1.5', '--x: "1.5" was given, expected a whole number'],
    [{ type: 'integer' }, '9007199254740993', 'expected a whole number'],
    [{ type: 'integer', min: 1 }, '0', 'expected a whole number of at least 1'],
    [{ type: 'integer', max: 1 }, '2', 'expected a whole number of at most 1'],
    [{ type: 'integer', min: 1, max: 3 }, '', 'expected a whole number from 1 to 3'],
    [{ type: 'size' }, '8 gigs', 'expected a size such as 4096, 64MiB or 1.9GiB'],
    [{ type: 'choice', choices: ['a', 'b'] }, 'c', 'expected one of a, b'],
  ])('of %j refuses %j', (spec, text, message) => {
    expect(() => parse(spec, text)).toThrowError(
      expect.objectContaining({ code: 'CLI_USAGE', message: expect.stringContaining(message) }),
    );
  });

  it('keeps what its own parser said as the reason', () => {
    const reason = new RangeError('no such day');
    const spec: ValueSpec = {
      type: 'parsed',
      parse: () => {
        throw reason;
      },
    };
    expect(() => parse(spec, 'Monday')).toThrowError(expect.objectContaining({ code: 'CLI_USAGE', cause: reason }));
  });
});
