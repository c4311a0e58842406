import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type Plan, renderPlan } from '@goldstream/plan';
import { expect } from 'vitest';

const EXPECTED = new URL('../../../fixtures/expected/receiver/', import.meta.url);

/**
 * Compares a plan, as a person reads it, with `fixtures/expected/receiver/NAME.txt`. Where the new one is right, the
 * file is written anew by running the tests with `GOLDSTREAM_WRITE_EXPECTED=1`; look at the difference before you commit.
 */
export function expectPlan(name: string, plan: Plan): void {
  const file = new URL(`${name}.txt`, EXPECTED);
  const rendered = renderPlan(plan);
  if (process.env['GOLDSTREAM_WRITE_EXPECTED'] === '1') {
    mkdirSync(EXPECTED, { recursive: true });
    writeFileSync(file, rendered);
  }
  expect(rendered, `${file.pathname}: GOLDSTREAM_WRITE_EXPECTED=1 writes it anew`).toBe(readFileSync(file, 'utf8'));
}
