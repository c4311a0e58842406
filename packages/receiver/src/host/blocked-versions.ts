import type { Version } from '@goldstream/release';
import type { DeploymentRecord } from '../state/records.ts';

/**
 * The versions that are not deployed again by themselves, and why. The latest word on each counts: one that failed and
 * later proved good is not blocked.
 *
 * @param deployments by rising number, those of removed ones included
 */
export function blockedVersions(deployments: readonly DeploymentRecord[]): ReadonlyMap<Version, string> {
  const blocked = new Map<Version, string>();
  for (const { version, goodSince, blocked: block } of deployments) {
    if (block !== undefined) blocked.set(version, block.reason);
    else if (goodSince !== undefined) blocked.delete(version);
  }
  return blocked;
}
