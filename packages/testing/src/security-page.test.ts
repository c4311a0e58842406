import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

/** One attack of a table: everything between the pipes. */
const rows = read('docs/security.md')
  .split('\n')
  .filter((line) => line.startsWith('|') && line.includes('.test.ts'))
  .map((line) => {
    const [, attack = '', answer = '', , tests = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return { attack, codes: quoted(answer, /^[A-Z]+_[A-Z0-9_]+$/), tests: quoted(tests, /\.test\.ts$/).map(placeOf) };
  });

describe('the tables of docs/security.md', () => {
  it('have a line for every attack of The Update Framework', () => {
    const attacks = rows.map(({ attack }) => attack.split(':')[0]);
    for (const attack of [
      'arbitrary installation',
      'endless data',
      'fast-forward',
      'indefinite freeze',
      'malicious mirror',
      'mix-and-match',
      'rollback',
      'key compromise',
      'wrong software',
    ]) {
      expect(attacks).toContain(attack);
    }
  });

  it.each(rows)('name tests that exist, and expect what is said: $attack', ({ codes, tests }) => {
    expect(tests).not.toEqual([]);
    expect(tests.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
    const text = tests.map(read).join('\n');
    expect(codes.filter((code) => !text.includes(code))).toEqual([]);
  });
});

/** What stands between backquotes and looks so. */
function quoted(cell: string, kind: RegExp): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, text = '']) => (kind.test(text) ? [text] : []));
}

/** A test without a path is the receiver's. */
function placeOf(name: string): string {
  return name.includes('/') ? name : `packages/receiver/test/${name}`;
}
