import { CodedError } from '@goldstream/errors';
import type { Step } from './plan.ts';

/** A plan that stopped. Its category, and so the exit code, is that of what stopped it. */
export class PlanError extends CodedError<'PLAN_STEP_FAILED'> {
  readonly done: readonly Step[];
  readonly failed: Step;

  constructor(done: readonly Step[], failed: Step, cause: unknown) {
    super({
      code: 'PLAN_STEP_FAILED',
      category: cause instanceof CodedError ? cause.category : 'bug',
      message: `stopped at step ${done.length + 1}: ${failed.says}`,
      cause,
    });
    this.done = done;
    this.failed = failed;
  }
}
