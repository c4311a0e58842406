import type { Plan } from '@goldstream/plan';
import { planUpdate, type TreeStep } from '@goldstream/tree';
import type { GoldenFacts } from './facts.ts';

/** What `golden update` can do. */
export type GoldenStep = TreeStep | { kind: 'record-golden'; says: string; golden: string };

/**
 * Makes golden the recipe and remembers what it then is. An update that was interrupted left the record of before, which
 * no snapshot of a half-updated golden agrees with.
 */
export function planGoldenUpdate(facts: GoldenFacts): Plan<GoldenStep> {
  const { golden, desired, actual, comparison, record, contentDigest } = facts;
  const { goal, steps } = planUpdate(desired, actual, comparison);
  if (steps.length === 0 && record !== undefined && record.contentDigest === contentDigest) return { goal, steps: [] };
  return {
    goal,
    steps: [...steps, { kind: 'record-golden', says: 'write golden to disk and record its content digest', golden }],
  };
}
