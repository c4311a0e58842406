import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseConfig } from './parse-config.ts';

const SCHEMA = z.strictObject({
  name: z.string().optional(),
  keep: z.int().min(2).default(3),
  hosts: z.array(z.strictObject({ port: z.int() })).default([]),
});
const parse = (text: string) => parseConfig(text, '/etc/app.yaml', SCHEMA);
const refusal = (start: string) =>
  expect.objectContaining({
    code: 'CLI_BAD_CONFIG',
    message: expect.stringMatching(new RegExp(`^/etc/app\\.yaml:${start}`)),
  });

describe('parseConfig', () => {
  it('gives what the schema makes of the file', () => {
    expect(parse('name: a\nhosts: [{ port: 1 }]\n')).toEqual({ name: 'a', keep: 3, hosts: [{ port: 1 }] });
  });

  it.each([
    ['a value that does not fit', 'name: a\nkeep: 1\n', '2:7: keep: '],
    ['a value deep in the file', 'hosts:\n  - port: 1\n  - port: two\n', '3:11: hosts\\.1\\.port: '],
    ['an unknown key', 'name: a\nkep: 4\n', '.*“?kep'],
    ['a missing key', 'hosts:\n  - {}\n', '.*hosts\\.0\\.port: '],
    ['a key that is there twice', 'keep: 3\nkeep: 4\n', '2:1: '],
    ['what is no YAML', 'name: [a\n', '\\d+:\\d+: '],
    ['a second document', 'name: a\n---\nname: b\n', '\\d+:\\d+: '],
    ['text alone', 'name\n', '1:1: '],
  ])('refuses %s, with line and column', (_, text, place) => {
    expect(() => parse(text)).toThrow(refusal(place));
  });

  it.each([
    ['an alias', 'name: &a b\nhosts: *a\n'],
    ['aliases that would expand', `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n`],
    ['a file that is no page of text', `# ${'x'.repeat(70_000)}\n`],
  ])('refuses %s', (_, text) => {
    expect(() => parse(text)).toThrow(refusal('\\d+:\\d+: '));
  });

  it('reads or refuses whatever stands there', () => {
    const words = fc.constantFrom(
      'name',
      ': ',
      '\n',
      '- ',
      '[',
      ']',
      '{',
      '&a ',
      '*a',
      '!!js',
      '%',
      '\t',
      '"',
      '|',
      '? ',
      '1',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((all) => all.join('')),
        ),
        (text) => {
          try {
            parse(text);
          } catch (error) {
            expect(error).toMatchObject({ code: 'CLI_BAD_CONFIG' });
          }
        },
      ),
    );
  });
});
