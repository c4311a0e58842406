import type { Step } from '@goldstream/plan';
import type { Intent } from '../state/intent.ts';

/** Says durably what the steps that follow are about, before the first of them. */
export interface Intend extends Step {
  readonly kind: 'intend';
  readonly intent: Intent;
}

/** Says durably that all of it is done. */
export interface Conclude extends Step {
  readonly kind: 'conclude';
}

/** The two ends of a transaction. */
export type TransactionStep = Intend | Conclude;

/** The last step of a transaction. */
export const CONCLUDE: Conclude = { kind: 'conclude', says: 'note that all of this is done' };
