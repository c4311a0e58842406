import type { VerifyEntry } from '@goldstream/component';
import type { Step } from '@goldstream/plan';
import type { Judge } from '../deploy/step.ts';
import type { IntegrationStep } from '../integrate/integration-plan.ts';
import type { OwnSubvolume } from '../prune/plan-prune.ts';
import type { TransactionStep } from '../transaction/step.ts';
import type { Marker } from './marker.ts';

/** Makes a directory of the layout. The root is a subvolume. */
export interface MakePlace extends Step {
  readonly kind: 'make-place';
  readonly path: string;
  readonly as: 'subvolume' | 'directory';
}

/** Makes an empty tree for a stage that is new; one that is there already, empty, is taken. */
export interface MakeEmptyTree extends Step {
  readonly kind: 'make-empty-tree';
  readonly path: string;
}

/** Makes the name of a stage link to another tree. THE switch of a stage. */
export interface LinkStage extends Step {
  readonly kind: 'link-stage';
  readonly stage: string;
  readonly to: number;
}

/** Keeps a tree as it is now, read-only, under the stage's name in a directory that the snapshot's name has. */
export interface KeepTree extends Step {
  readonly kind: 'keep-tree';
  readonly stage: string;
  readonly tree: string;
  readonly snapshot: string;
}

/** Makes the tree that shall be next, as a writable snapshot of what it begins with, and without its marker. */
export interface MakeTree extends Step {
  readonly kind: 'make-tree';
  readonly from: string;
  readonly to: string;
}

/** Makes a tree what the recipe says, touching only what differs, and has it on the disk. */
export interface FillTree extends Step {
  readonly kind: 'fill-tree';
  readonly stage: string;
  readonly tree: string;
  readonly recipe: string | undefined;
  /** The snapshot of the tree before as it was deployed: what is not in it came from services. */
  readonly deployedAs: string | undefined;
}

/** Looks at the finished tree, decides how it is connected to the system, and does that: the second plan. */
export interface ConnectStage extends Step {
  readonly kind: 'connect-stage';
  readonly exchange: Exchange;
  /** Whether what somebody else has at a target is kept, and taken over. */
  readonly adopt: boolean;
}

/** One tree that takes another's place, and what is kept of it. */
export interface Exchange {
  readonly stage: string;
  readonly from: number;
  readonly to: number;
  /** Highest id of all subvolumes before: what was made for this has a higher one. */
  readonly newestIdBefore: number;
  /** The snapshot of the tree that is left. */
  readonly before: string;
  /** The snapshot of the tree as deployed, made on the way or there before; undefined where nothing is deployed then. */
  readonly after: { readonly name: string; readonly isThere: boolean } | undefined;
  /** Where `rollback` goes from there. */
  readonly backTo: string | undefined;
}

/** Runs the commands by which a component says whether it works. */
export interface RunCommands extends Step {
  readonly kind: 'run-commands';
  readonly component: string;
  readonly commands: readonly VerifyEntry[];
}

/** Writes `.deployed`. */
export interface MarkDeployed extends Step {
  readonly kind: 'mark-deployed';
  readonly tree: string;
  readonly marker: Marker;
}

/** Deletes a tree, or a snapshot with its directory, that nobody needs and nobody uses. */
export interface DeleteTree extends Step, OwnSubvolume {
  readonly kind: 'delete-tree';
  /** The snapshot's directory, which goes too. */
  readonly group?: string;
}

/** Removes directories of snapshots that were never made. */
export interface RemoveEmptyGroups extends Step {
  readonly kind: 'remove-empty-groups';
  readonly groups: readonly string[];
}

/** Looks at what nobody needs any more, and takes that away. */
export interface TidyStages extends Step {
  readonly kind: 'tidy-stages';
}

/** The last step of whatever changes stages. */
export const TIDY: TidyStages = { kind: 'tidy-stages', says: 'remove trees and snapshots that nobody needs' };

/** What taking away what nobody needs can do. */
export type TidyStep = DeleteTree | RemoveEmptyGroups;

/** What the second plan can do. */
export type ConnectStep = TransactionStep | LinkStage | IntegrationStep | Judge | RunCommands | KeepTree | MarkDeployed;

/** All that the commands of stages can do. */
export type StageStep =
  | MakePlace
  | MakeEmptyTree
  | MakeTree
  | FillTree
  | ConnectStage
  | TidyStages
  | TidyStep
  | ConnectStep;
