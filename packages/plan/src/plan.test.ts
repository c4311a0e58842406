import { type Category, errorsOf } from '@goldstream/errors';
import { describe, expect, it } from 'vitest';
import { executePlan, type Handlers, type Plan, renderPlan } from './index.ts';

const CATEGORY_OF = { TEST_TRUST: 'trust' } as const satisfies Record<string, Category>;
class TestError extends errorsOf(CATEGORY_OF) {}

type TestStep = { kind: 'fetch'; says: string; from: string } | { kind: 'check'; says: string };
const plan: Plan<TestStep> = {
  goal: 'have v1',
  steps: [
    { kind: 'fetch', says: 'fetch 5 bytes', from: '/a' },
    { kind: 'check', says: 'check them' },
  ],
};

describe('renderPlan', () => {
  it('numbers the steps under the goal', () => {
    expect(renderPlan(plan)).toBe('have v1:\n  1. fetch 5 bytes\n  2. check them\n');
  });

  it('says so when there is nothing to do', () => {
    expect(renderPlan({ goal: 'have v1', steps: [], notes: ['v1 is active'] })).toBe(
      'have v1:\n  note: v1 is active\n  nothing to do\n',
    );
  });
});

describe('executePlan', () => {
  it('hands each step to its handler, in order', async () => {
    const seen: string[] = [];
    const handlers: Handlers<TestStep> = {
      fetch: async ({ from }) => void seen.push(`fetch ${from}`),
      check: async () => void seen.push('check'),
    };
    await executePlan(plan, handlers, ({ kind, index, of }) => seen.push(`${kind} ${index + 1}/${of}`));
    expect(seen).toEqual(['started 1/2', 'fetch /a', 'finished 1/2', 'started 2/2', 'check', 'finished 2/2']);
  });

  it('stops at the first failure, and takes its category', async () => {
    const handlers: Handlers<TestStep> = {
      fetch: async () => {
        throw new TestError('TEST_TRUST', 'wrong digest');
      },
      check: async () => expect.unreachable(),
    };
    await expect(executePlan(plan, handlers)).rejects.toMatchObject({
      code: 'PLAN_STEP_FAILED',
      exitCode: 5,
      done: [],
    });
  });
});
