import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PROGRAM_VERSION } from './version.ts';

it('says the version of its package', () => {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  expect(PROGRAM_VERSION).toBe(JSON.parse(file).version);
});
