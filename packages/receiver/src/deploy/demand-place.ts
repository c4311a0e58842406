import { type MountEntry, SystemError } from '@goldstream/system';
import type { HostFacts } from '../host/facts.ts';
import type { DeploymentPaths } from '../host/layout.ts';
import { upperOf } from './overlay.ts';

/**
 * Refuses a deployment, new or not, at whose place something else is mounted: it would be taken for the deployment.
 * @throws SystemError `SYSTEM_MOUNT_BUSY`
 */
export function demandPlace({ layout, mounts }: HostFacts, number: number): void {
  const paths = layout.deployment(number);
  const there = mounts.get(paths.root);
  if (there !== undefined) demandOwnMount(there, paths);
}

/** Refuses a mount that is not of this deployment with its own writable layer. @throws SystemError `SYSTEM_MOUNT_BUSY` */
export function demandOwnMount(there: MountEntry, { root, upper }: DeploymentPaths): void {
  if (upperOf(there) === upper) return;
  throw new SystemError('SYSTEM_MOUNT_BUSY', `something else is mounted at ${root} (${there.type}, ${there.source})`, {
    hint: `Unmount it: umount ${root}`,
  });
}
