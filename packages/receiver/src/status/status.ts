import type { Version } from '@goldstream/release';
import type { SpaceFacts } from '@goldstream/system';
import type { AuditHead } from '../audit/trail-head.ts';
import type { DeploymentRecord } from '../state/records.ts';
import type { TrustStatus } from '../trust/tell-trust.ts';

/** A deployment as `status` tells it. */
export interface DeploymentStatus {
  readonly number: number;
  readonly version: Version;
  readonly state: DeploymentRecord['state'] | 'trial';
  /** ISO 8601, UTC. When it was made; for the active one, when `current` was switched to it. */
  readonly since: string;
  readonly mounted: boolean;
}

/** A received version as `status` tells it. */
export interface VersionStatus {
  readonly version: Version;
  /** `full`, `incremental from v1.2.9`, `by hand`. */
  readonly how: string;
  readonly receivedAt: string;
  readonly signed: boolean;
  readonly pinned: boolean;
  /** Why it is not what was received, seen by its ctransid; `null`: it is. */
  readonly drift: string | null;
  /** The last time that all of it was read and compared; `null`: never. */
  readonly deep: DeepStatus | null;
}

/** How `verify --deep` ended. */
export interface DeepStatus {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly ok: boolean;
  /** What was found; `null` when not everything could be read. */
  readonly contentDigest: string | null;
}

/** What a host says of itself: the document of `status --json`. Fields are only ever added. */
export interface Status {
  readonly application: string;
  readonly pool: { readonly path: string } & SpaceFacts;
  /** `null`: nothing is deployed. */
  readonly active: DeploymentStatus | null;
  readonly previous: DeploymentStatus | null;
  readonly onTrial: DeploymentStatus | null;
  /** All others that were not removed, by rising number. */
  readonly others: readonly DeploymentStatus[];
  /** Newest first. */
  readonly versions: readonly VersionStatus[];
  /** Oldest first; a pin of a version that is not here is listed too. */
  readonly pins: readonly string[];
  /** Versions that are not deployed again by themselves, oldest first. */
  readonly blocked: readonly { readonly version: Version; readonly reason: string }[];
  /** Keys and channel that this host believed last. */
  readonly trust: TrustStatus;
  /** Where the audit trail ends; `null`: nothing is recorded, or its end is not known. */
  readonly audit: AuditHead | null;
  /** What somebody should look at; empty on a host where all is well. */
  readonly attention: readonly string[];
}
