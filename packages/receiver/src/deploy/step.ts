import type { Step } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import type { IntegrationStep } from '../integrate/integration-plan.ts';
import type { FarmLink } from '../integrate/plan-farm.ts';
import type { Drop } from '../overlay/drop.ts';
import type { EditsPolicy } from '../overlay/plan-edits.ts';
import type { PersistPlace } from '../persist/persist-place.ts';
import type { StateBackup } from '../persist/state-backup.ts';
import type { ReceiveStep } from '../receive/step.ts';
import type { DeploymentRecord } from '../state/records.ts';
import type { TransactionStep } from '../transaction/step.ts';

/** Where the writable layer of a deployment comes from when it becomes active. */
export type UpperSource =
  /** It is there: made empty for the first deployment, or kept from when it was active before. */
  | { readonly kind: 'own' }
  /** A snapshot of the active one's, taken when nobody can write to that any more. */
  | ContinuedUpper<'snapshot'>;

/** What another deployment's writable layer holds, but for what is dropped. */
export interface ContinuedUpper<Kind extends string> {
  readonly kind: Kind;
  readonly of: number;
  readonly drops?: readonly Drop[];
}

/** Makes number, directories, link farm, writable layer and record of a deployment. Nothing points at it yet. */
export interface CreateDeployment extends Step {
  readonly kind: 'create-deployment';
  readonly record: DeploymentRecord;
  readonly farm: readonly FarmLink[];
  /** What its version keeps for all deployments; made with the version's content where it is not there yet. */
  readonly persist?: readonly PersistPlace[];
  /** What its writable layer begins with, and whether that is only for the time before the switch. */
  readonly upper: { readonly kind: 'empty' } | ContinuedUpper<'provisional' | 'continued'> | { readonly kind: 'later' };
}

/** Mounts a deployment at its own place, with its provisional layer or its own. */
export interface MountDeployment extends Step {
  readonly kind: 'mount-deployment';
  readonly number: number;
  readonly version: Version;
  readonly layer: 'provisional' | 'own';
}

/** Everything that the components promise is in the mounted tree. */
export interface CheckTree extends Step {
  readonly kind: 'check-tree';
  readonly root: string;
  /** Relative to `root`. */
  readonly paths: readonly string[];
}

/** Unmounts what was mounted for looking, and forgets its layer. */
export interface UnmountProvisional extends Step {
  readonly kind: 'unmount-provisional';
  readonly number: number;
}

/** THE switch. Before it the old deployment runs, after it the new one. */
export interface Switch extends Step {
  readonly kind: 'switch';
  readonly from: number | undefined;
  readonly to: number;
  readonly version: Version;
  readonly upper: UpperSource;
  /** What is kept of the state that all deployments share, as it was when `from` was left. */
  readonly backup?: StateBackup;
}

/** Units that must be active for the deployment to be good. */
export interface Judge extends Step {
  readonly kind: 'judge';
  readonly units: readonly string[];
}

/** Writes a deployment's record. */
export interface Record extends Step {
  readonly kind: 'record';
  readonly record: DeploymentRecord;
}

/** Deploys a version that was received by the steps before: planned and told when it is there to be read. */
export interface DeployReceived extends Step {
  readonly kind: 'deploy-received';
  readonly version: Version;
  /** Whether what somebody else has at a target is taken over. */
  readonly adopt?: boolean;
  /** What happens to edits that hide what it brings; default: what is configured. */
  readonly edits?: EditsPolicy;
}

/** Removes versions and deployments that nobody needs, by the rule of `prune`. */
export interface Prune extends Step {
  readonly kind: 'prune';
}

/** All that deploying, upgrading and rolling back can do. */
export type DeployStep =
  | ReceiveStep
  | IntegrationStep
  | TransactionStep
  | CreateDeployment
  | MountDeployment
  | CheckTree
  | UnmountProvisional
  | Switch
  | Judge
  | Record
  | DeployReceived
  | Prune;
