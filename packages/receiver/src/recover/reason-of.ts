import { PlanError } from '@goldstream/plan';

/** What went wrong in one line, without the steps in which it did. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof PlanError) return reasonOf(cause.cause);
  return cause instanceof Error ? cause.message : String(cause);
}
