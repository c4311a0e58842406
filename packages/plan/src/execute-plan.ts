import { PlanError } from './error.ts';
import type { Plan, Step } from './plan.ts';

/** One handler for every kind of step: leaving one out does not compile. */
export type Handlers<S extends Step> = {
  readonly [Kind in S['kind']]: (step: Extract<S, { kind: Kind }>) => Promise<void>;
};

/** What an onlooker is told while a plan runs. `milliseconds` is wall-clock time of the step. */
export type PlanEvent<S extends Step = Step> =
  | { readonly kind: 'started'; readonly step: S; readonly index: number; readonly of: number }
  | {
      readonly kind: 'finished';
      readonly step: S;
      readonly index: number;
      readonly of: number;
      readonly milliseconds: number;
    };

/**
 * Runs the steps in order and stops at the first that fails, with {@link PlanError}. Decides nothing.
 * @param onEvent told before and after each step
 */
export async function executePlan<S extends Step>(
  plan: Plan<S>,
  handlers: Handlers<S>,
  onEvent: (event: PlanEvent<S>) => void = () => {},
): Promise<void> {
  const of = plan.steps.length;
  for (const [index, step] of plan.steps.entries()) {
    onEvent({ kind: 'started', step, index, of });
    const started = performance.now();
    // TypeScript cannot follow that `step.kind` picks the handler of exactly this step.
    const handle = handlers[step.kind as S['kind']] as (step: S) => Promise<void>;
    try {
      await handle(step);
    } catch (cause) {
      throw new PlanError(plan.steps.slice(0, index), step, cause);
    }
    onEvent({ kind: 'finished', step, index, of, milliseconds: performance.now() - started });
  }
}
