import { describe, expect, it } from 'vitest';
import { readValues } from './read-values.ts';
import type { Arguments, Options } from './values.ts';

const word = { type: 'string', summary: '' } as const;
const take = (takes: Arguments, ...words: string[]) =>
  readValues(takes, {}, { arguments: words, options: {}, dryRun: false });
const given = (options: Options, words: Record<string, unknown>) =>
  readValues({}, options, { arguments: [], options: words, dryRun: false });
const usage = (message: string) => expect.objectContaining({ code: 'CLI_USAGE', message });

describe('arguments', () => {
  it('serve required ones first, so that [FROM] TO takes one word as TO', () => {
    const takes = { from: { ...word, optional: true }, to: word } as const;
    expect(take(takes, 'v2')).toEqual({ from: undefined, to: 'v2' });
    expect(take(takes, 'v1', 'v2')).toEqual({ from: 'v1', to: 'v2' });
  });

  it('give a variadic one what the others leave', () => {
    const takes = { first: word, rest: { ...word, variadic: true }, last: word } as const;
    expect(take(takes, 'a', 'b', 'c', 'd')).toEqual({ first: 'a', rest: ['b', 'c'], last: 'd' });
    expect(() => take(takes, 'a', 'b')).toThrowError(usage('<last> is missing'));
    expect(take({ all: { ...word, variadic: true, optional: true } })).toEqual({ all: [] });
  });

  it('name the first that is missing and the first that is too many', () => {
    expect(() => take({ fromVersion: word, to: word })).toThrowError(usage('<from-version> is missing'));
    expect(() => take({ to: word }, 'a', 'b', 'c')).toThrowError(
      usage('"b" is one word too many, expected one argument'),
    );
    expect(() => take({}, 'a')).toThrowError(usage('"a" is one word too many, expected no arguments'));
  });

  it('are named in the message when their value is refused', () => {
    expect(() => take({ partCount: { type: 'integer', summary: '' } }, 'x')).toThrowError(
      usage('<part-count>: "x" was given, expected a whole number'),
    );
  });
});

describe('options', () => {
  it('take their default as it would be typed', () => {
    expect(given({ partSize: { type: 'size', summary: '', default: '1KiB' } }, {})).toEqual({ partSize: 1024 });
    expect(given({ days: { type: 'integer', summary: '', repeatable: true, default: '7' } }, {})).toEqual({
      days: [7],
    });
  });

  it('are undefined, empty or false when they are not given', () => {
    const options = {
      one: word,
      many: { ...word, repeatable: true },
      flag: { type: 'boolean', summary: '' },
    } as const;
    expect(given(options, {})).toEqual({ one: undefined, many: [], flag: false });
    expect(given(options, { one: '', many: ['a', 'b'], flag: true })).toEqual({
      one: '',
      many: ['a', 'b'],
      flag: true,
    });
  });

  it('say so when a required one is missing', () => {
    expect(() => given({ store: { ...word, required: true } }, {})).toThrowError(
      usage('--store is required and was not given'),
    );
  });
});
