import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEYS_BYTES_LIMIT, keyringOf, keysFileName } from './keys-document.ts';
import { parseKeys } from './parse-keys.ts';
import { renderKeys } from './render-keys.ts';

const FIXTURES = new URL('../../../fixtures/release/keys/', import.meta.url);
const fixture = (name: string) => readFileSync(new URL(`${name}.json`, FIXTURES));
const full = parseKeys(fixture('full'));

/** For each malformed file: the JSON path that the error names, or `undefined` where the text itself is refused. */
const MALFORMED: Record<string, string | undefined> = {
  'format-missing': 'formatVersion',
  'application-with-slash': 'application',
  'number-zero': 'number',
  'number-half': 'number',
  'issued-no-such-day': 'issued',
  'reason-with-newline': 'reason',
  'threshold-zero': 'threshold',
  'threshold-above-keys': 'threshold',
  'keys-none': 'keys',
  'keys-out-of-order': 'keys',
  'key-twice': 'keys',
  'key-withdrawn-too': 'keys[1]',
  'fingerprint-short': 'keys[0].fingerprint',
  'fingerprint-in-lower-case': 'keys[0].fingerprint',
  'public-key-empty': 'keys[0].publicKey',
  'public-key-armoured': 'keys[0].publicKey',
  'public-key-bits-left-over': 'keys[0].publicKey',
  'public-key-huge': 'keys[0].publicKey',
  'withdrawn-without-reason': 'withdrawn[0].reason',
  'key-given-twice': undefined,
  'second-document': undefined,
};

describe('parseKeys', () => {
  it('reads and writes the same bytes', () => {
    expect(renderKeys(full)).toBe(fixture('full').toString());
  });

  it('has a row for every malformed file', () => {
    const names = readdirSync(new URL('malformed/', FIXTURES)).map((name) => name.replace('.json', ''));
    expect(names.sort()).toEqual(Object.keys(MALFORMED).sort());
  });

  it.each(Object.entries(MALFORMED))('refuses %s', (name, where) => {
    expect(() => parseKeys(fixture(`malformed/${name}`))).toThrow(
      expect.objectContaining({
        code: 'RELEASE_BAD_KEYS',
        exitCode: 4,
        message: expect.stringContaining(where === undefined ? 'keys document: ' : ` ${where}: `),
      }),
    );
  });

  it('refuses a document beyond the limit without reading it', () => {
    expect(() => parseKeys(new Uint8Array(KEYS_BYTES_LIMIT + 1))).toThrow('expected at most 1048576');
  });
});

describe('renderKeys', () => {
  const hex = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: 40, maxLength: 40 });
  const publicKey = fc
    .uint8Array({ minLength: 4, maxLength: 300 })
    .map((bytes) => Buffer.from(bytes).toString('base64'));

  it('is read back as the same value, whatever the order of keys', () => {
    const keys = fc.uniqueArray(fc.record({ fingerprint: hex, publicKey }), {
      selector: ({ fingerprint }) => fingerprint,
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(keys, (some) => {
        const sorted = some.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
        const text = renderKeys({ ...full, keys: some });
        expect(parseKeys(new TextEncoder().encode(text))).toEqual({ ...full, keys: sorted });
        expect(renderKeys({ ...full, keys: sorted })).toBe(text);
      }),
    );
  });

  it('writes nothing that hosts would refuse', () => {
    expect(() => renderKeys({ ...full, threshold: 3 })).toThrow(expect.objectContaining({ code: 'RELEASE_BAD_KEYS' }));
  });
});

it('names the file of a number, and its keyring', () => {
  expect(keysFileName('op-dbus', 2)).toBe('op-dbus.keys.2');
  expect(Buffer.from(keyringOf(full)).toString()).toBe('a'.repeat(60) + 'b'.repeat(60));
});
