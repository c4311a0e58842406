import type { Step } from '@goldstream/plan';
import type { DeployStep } from '../deploy/step.ts';
import type { DamagedName } from './damaged-name.ts';

/** Takes the received UUID from a damaged copy, so that no stream builds on it. */
export interface DisownDamaged extends Step {
  readonly kind: 'disown-damaged';
  readonly damaged: DamagedName;
}

/** Deletes a damaged copy that nobody uses; unmounts what has it below it and is not active. */
export interface RemoveDamaged extends Step {
  readonly kind: 'remove-damaged';
  readonly damaged: DamagedName;
}

/** All that `repair` can do. */
export type RepairStep = DeployStep | DisownDamaged | RemoveDamaged;
