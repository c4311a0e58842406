import { describe, expect, it } from 'vitest';
import { readInputs } from './inputs.ts';

const GIVEN = { recipe: 'golden', 'signing-key': 'BEGIN\nabc\nEND', token: 'ghs_1', draft: 'false', 'dry-run': 'true' };

describe('reading the inputs', () => {
  it('gives one object, the version from the tag', () => {
    expect(read(GIVEN, 'refs/tags/v1.3.0').inputs).toEqual({
      recipe: 'golden',
      version: 'v1.3.0',
      signingKey: 'BEGIN\nabc\nEND',
      passphrase: undefined,
      token: 'ghs_1',
      channel: undefined,
      draft: false,
      dryRun: true,
    });
  });

  it('lets the input version stand before the tag', () => {
    expect(read({ ...GIVEN, version: 'v2.0.0' }, 'refs/heads/main').inputs.version).toBe('v2.0.0');
  });

  it('masks every line of every secret', () => {
    expect(read({ ...GIVEN, passphrase: 'open' }, 'refs/tags/v1.3.0').masked).toEqual([
      'ghs_1',
      'open',
      'BEGIN',
      'abc',
      'END',
    ]);
  });

  it('masks before it refuses', () => {
    const masked: string[] = [];
    expect(() => readInputs(toolkit({ ...GIVEN, token: '' }, masked), 'refs/tags/v1.3.0')).toThrowError(
      expect.objectContaining({ code: 'ACTION_INPUT_MISSING', exitCode: 2 }),
    );
    expect(masked).toEqual(['BEGIN', 'abc', 'END']);
  });

  it.each([
    ['refs/heads/main', 'ACTION_NO_TAG'],
    ['', 'ACTION_NO_TAG'],
    ['refs/tags/nightly', 'RELEASE_BAD_VERSION'],
  ])('refuses to guess a version from %j', (ref, code) => {
    expect(() => read(GIVEN, ref)).toThrowError(expect.objectContaining({ code }));
  });
});

function read(given: Readonly<Record<string, string>>, ref: string) {
  const masked: string[] = [];
  return { inputs: readInputs(toolkit(given, masked), ref), masked };
}

function toolkit(given: Readonly<Record<string, string>>, masked: string[]) {
  return {
    getInput: (name: string) => given[name] ?? '',
    getBooleanInput: (name: string) => given[name] === 'true',
    setSecret: (secret: string) => void masked.push(secret),
  };
}
