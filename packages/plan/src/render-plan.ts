import type { Plan } from './plan.ts';

/** The plan as text: goal, notes, numbered steps; `nothing to do` when there are none. */
export function renderPlan({ goal, steps, notes = [] }: Plan): string {
  const width = String(steps.length).length;
  const body = steps.map(({ says }, index) => `  ${String(index + 1).padStart(width)}. ${says}`);
  return `${[`${goal}:`, ...notes.map((note) => `  note: ${note}`), ...(steps.length === 0 ? ['  nothing to do'] : body)].join('\n')}\n`;
}
