import { executePlan, type Handlers, type Plan, type Step } from '@goldstream/plan';
import type { Tools } from './tools.ts';

/** Carries a plan out within a step of another one, and tells its notes and steps indented below that. */
export async function carryOutWithin<S extends Step>(
  { io }: Pick<Tools, 'io'>,
  plan: Plan<S>,
  handlers: Handlers<S>,
): Promise<void> {
  for (const note of plan.notes ?? []) io.say(`  note: ${note}`);
  await executePlan(plan, handlers, ({ kind, index, of, step }) => {
    if (kind === 'started') io.say(`  [${index + 1}/${of}] ${step.says}`);
  });
}
