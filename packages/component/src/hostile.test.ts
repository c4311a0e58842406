import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComponentError, parseComponentManifest, parseGolden } from './index.ts';

const PARSERS = [parseGolden, parseComponentManifest];

function survives(text: string): void {
  for (const parse of PARSERS) {
    try {
      parse(text, 'file.yaml');
    } catch (error) {
      expect(error).toBeInstanceOf(ComponentError);
      expect(error).toMatchObject({ at: { file: 'file.yaml', line: expect.any(Number), column: expect.any(Number) } });
    }
  }
}

/** Pieces that YAML and our own schemas give a meaning to. */
const PIECES = [
  ...[
    '\n',
    '  ',
    '- ',
    '? ',
    ': ',
    ', ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|',
    '>',
    '#',
    '&a ',
    '*a',
    '!!int ',
    '!x ',
    '---\n',
  ],
  ...['%YAML 1.1\n', '<<', '\t', '\r', '\0', '\\', '~', '0755', '..', '/', 'true', '__proto__', 'constructor'],
  ...['application', 'sources', 'directory', 'archive', 'build', 'command', 'stage', 'component', 'files', 'target'],
  ...['services', 'unit', 'health', 'http', 'tcp', 'http://127.0.0.1', '127.0.0.1:', 'command', 'stable', 'deadline'],
];

describe('any text at all', () => {
  it('is parsed or refused with a coded error that has a place', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), survives));
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 60 }), survives), { numRuns: 1000 });
  });

  it('is refused also when it is a valid recipe with something put into it', () => {
    const valid = 'application: demo\nsources:\n  - directory: app\n    into: x\nlevel: 9\n';
    fc.assert(
      fc.property(fc.nat(valid.length), fc.nat(6), fc.constantFrom(...PIECES), (at, length, piece) => {
        survives(valid.slice(0, at) + piece + valid.slice(at + length));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('text made to be expensive', () => {
  const bomb = [
    'a: &a [x, x]',
    ...'bcdefghij'.split('').map((name, i) => `${name}: &${name} [*${'abcdefghi'[i]}, *a]`),
  ];

  it.each([
    ['aliases that multiply', bomb.join('\n'), 'COMPONENT_YAML_FEATURE'],
    ['brackets without an end', '['.repeat(20_000), 'COMPONENT_YAML_LIMIT'],
    ['lists in lists on one line', '- '.repeat(20_000), 'COMPONENT_YAML_LIMIT'],
    ['keys that are keys', '? '.repeat(20_000), 'COMPONENT_YAML_LIMIT'],
    ['mappings in mappings', '{a: '.repeat(20_000), 'COMPONENT_YAML_LIMIT'],
    ['more text than any recipe has', `#${'x'.repeat(300_000)}`, 'COMPONENT_YAML_LIMIT'],
    ['one key a thousand times', 'sources:\n'.repeat(5_000), 'COMPONENT_DUPLICATE_KEY'],
    [
      'thousands of unknown keys',
      Array.from({ length: 5_000 }, (_, i) => `k${i}: 1`).join('\n'),
      'COMPONENT_UNKNOWN_KEY',
    ],
  ])('is refused: %s', (_, text, code) => {
    for (const parse of PARSERS) {
      expect(() => parse(text, 'file.yaml')).toThrowError(expect.objectContaining({ code }));
    }
  });

  it('does not take a key for part of the language', () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(() =>
        parseGolden(`application: demo\nsources: [{ directory: a }]\n${key}: x\n`, 'file.yaml'),
      ).toThrowError(expect.objectContaining({ code: 'COMPONENT_UNKNOWN_KEY' }));
    }
  });
});
