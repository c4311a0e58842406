import type { Step } from '@goldstream/plan';
import type { IntegrationStep } from '../integrate/integration-plan.ts';
import type { UnmountStep } from '../mount/plan-unmount.ts';
import type { DeleteVersion, RemoveDeployment } from '../prune/plan-prune.ts';
import type { TransactionStep } from '../transaction/step.ts';

/** Takes `current` away: nothing is active any more. */
export interface ActivateNothing extends Step {
  readonly kind: 'activate-nothing';
}

/** Takes the marker of a stage away: it is not deployed any more, and its tree and snapshots stay. */
export interface ForgetStage extends Step {
  readonly kind: 'forget-stage';
  readonly stage: string;
  /** Number of its tree. */
  readonly tree: number;
}

/** Removes a file that `prepare` wrote, while it is what it wrote. */
export interface RemoveOwnFile extends Step {
  readonly kind: 'remove-own-file';
  readonly path: string;
  readonly sha256: string;
}

/** Removes directories that `prepare` made, in this order, as far as nothing is in them. */
export interface RemoveOwnDirectories extends Step {
  readonly kind: 'remove-own-directories';
  readonly paths: readonly string[];
}

/** Notes on the audit trail that the host was given back, and forgets what `prepare` had made. */
export interface RecordRemoved extends Step {
  readonly kind: 'record-removed';
  /** What was kept, and why. */
  readonly kept: readonly string[];
}

/** The last step: gives the lock back, which lies in the pool, and then the pool. */
export interface ClosePool extends Step {
  readonly kind: 'close-pool';
  readonly pool: string;
  readonly isMounted: boolean;
  /** What is deleted with all that is in it: the image, or what is ours alone in a directory on somebody's Btrfs. */
  readonly erased: readonly string[];
  /** Directories that go when nothing is in them, in this order. */
  readonly directories: readonly string[];
}

/** All that the removal of what runs can do; what `recover` does when it was interrupted. */
export type GiveUpStep = TransactionStep | IntegrationStep | ActivateNothing | ForgetStage;

/** All that `remove` can do. */
export type RemoveStep =
  | GiveUpStep
  | UnmountStep
  | RemoveOwnFile
  | RemoveOwnDirectories
  | RemoveDeployment
  | DeleteVersion
  | RecordRemoved
  | ClosePool;
