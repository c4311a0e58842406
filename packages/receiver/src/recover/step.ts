import type { Step } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import type { Judge, Record, Switch } from '../deploy/step.ts';
import type { IntegrationStep } from '../integrate/integration-plan.ts';
import type { DeleteVersion, RemoveDeployment } from '../prune/plan-prune.ts';
import type { Incoming } from '../receive/step.ts';
import type { ActivateNothing, ForgetStage } from '../remove/step.ts';
import type { Replaced } from '../repair/set-aside.ts';
import type { DeleteTree, LinkStage, RemoveEmptyGroups } from '../stage/step.ts';
import type { ReceivedVersion } from '../state/records.ts';
import type { TransactionStep } from '../transaction/step.ts';

/** Deletes the subvolume that an interrupted receive was making, if it is certainly that. */
export interface DiscardIncoming extends Step {
  readonly kind: 'discard-incoming';
  readonly version: Version;
  readonly incoming: Incoming;
}

/** Gives a subvolume that was proven its final name, and its record. */
export interface NameReceived extends Step {
  readonly kind: 'name-received';
  /** Name in `deploy/` that it may still have. */
  readonly incoming: string;
  readonly record: ReceivedVersion;
  /** The damaged copy whose place it takes. */
  readonly replaced?: Replaced | undefined;
}

/** Makes a deployment's own mount writable, mounting it if need be, and makes `current` name it. */
export interface Activate extends Step, Pick<Switch, 'to' | 'version'> {
  readonly kind: 'activate';
}

/** Makes a deployment that is mounted read-only for a switch that was not made writable again. */
export interface OpenForWriting extends Step {
  readonly kind: 'open-for-writing';
  readonly at: string;
}

/** Starts or restarts units; one that does not come up is told. Who goes back has nowhere else to go. */
export interface TryUnits extends Step {
  readonly kind: 'try-units';
  readonly verb: 'start' | 'restart';
  readonly units: readonly string[];
}

/** Removes files that were under construction. */
export interface RemoveLeftovers extends Step {
  readonly kind: 'remove-leftovers';
  readonly paths: readonly string[];
}

/** All that recovery can do. */
export type RecoverStep =
  | TransactionStep
  | DiscardIncoming
  | NameReceived
  | Activate
  | OpenForWriting
  | TryUnits
  | ActivateNothing
  | ForgetStage
  | RemoveLeftovers
  | RemoveDeployment
  | DeleteVersion
  | LinkStage
  | DeleteTree
  | RemoveEmptyGroups
  | IntegrationStep
  | Judge
  | Record;
