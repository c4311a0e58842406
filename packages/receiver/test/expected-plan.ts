import { fileURLToPath } from 'node:url';
import { type Plan, renderPlan } from '@goldstream/plan';
import { expect } from 'vitest';

const EXPECTED = new URL('../../../fixtures/expected/receiver/', import.meta.url);

/**
 * Compares a plan, as a person reads it, with `fixtures/expected/receiver/NAME.txt`. Where the plan is right and the
 * file is not, `npx vitest run --project unit --update` writes the file anew: look at the difference before you commit.
 */
export async function expectPlan(name: string, plan: Plan): Promise<void> {
  await expect(renderPlan(plan)).toMatchFileSnapshot(fileURLToPath(new URL(`${name}.txt`, EXPECTED)));
}
