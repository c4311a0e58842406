import { join } from 'node:path';
import {
  awaitDeletedSubvolumes,
  deleteSubvolume,
  describeUse,
  findSubvolume,
  type SubvolumeUse,
  SystemError,
  subvolumeUsers,
} from '@goldstream/system';
import { unmountDeployment } from '../deploy/unmount-deployment.ts';
import { gatherHost, type HostFacts } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import type { DamagedName } from './damaged-name.ts';

/**
 * Deletes a damaged copy when certainly nobody uses it. Deployments that may have it below them and are not active are
 * unmounted first, never lazily.
 * @returns why it was kept instead; undefined when it is gone
 */
export async function removeDamaged(tools: Tools, damaged: DamagedName): Promise<string | undefined> {
  const { runner, layout } = tools;
  const path = join(layout.deploy, damaged.name);
  if ((await findSubvolume(runner, path)) === undefined) return undefined;
  const host = await gatherHost(layout);
  for (const root of olderMounts(host, damaged)) {
    const busy = await unmountUnlessBusy(tools, root);
    if (busy !== undefined) return busy;
  }
  const [use] = await usesOf(host, damaged, path);
  if (use !== undefined) return `${path}: ${describeUse(use)}`;
  await deleteSubvolume(runner, path);
  await awaitDeletedSubvolumes(runner, layout.pool);
  return undefined;
}

function olderMounts({ deployments, active, layout, mounts }: HostFacts, { version, before }: DamagedName) {
  return deployments
    .filter((one) => one.version === version && one.number < before && one.number !== active?.number)
    .map(({ number }) => layout.deployment(number).root)
    .filter((root) => mounts.has(root));
}

/**
 * An overlay's options name the path that its layer had when it was mounted, which is the fresh copy's now: whatever
 * has that for a layer may have the damaged copy, unless it is a deployment that was not made yet.
 */
async function usesOf(
  { deployments, layout, present }: HostFacts,
  { version, before }: DamagedName,
  path: string,
): Promise<readonly SubvolumeUse[]> {
  const fresh = layout.version(version);
  const later = new Set(
    deployments.filter(({ number }) => number >= before).map(({ number }) => layout.deployment(number).root),
  );
  const users = await subvolumeUsers([path, ...(present.includes(version) ? [fresh] : [])]);
  const layers = (users.get(fresh) ?? []).filter((use) => use.kind === 'layer' && !later.has(use.mountPoint));
  return [...(users.get(path) ?? []), ...layers];
}

async function unmountUnlessBusy(tools: Tools, root: string): Promise<string | undefined> {
  try {
    await unmountDeployment(tools, root);
    return undefined;
  } catch (error) {
    if (!(error instanceof SystemError) || error.code !== 'SYSTEM_MOUNT_BUSY') throw error;
    return `${root} has it below it, and is in use`;
  }
}
