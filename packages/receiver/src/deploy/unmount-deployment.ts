import { readMounts, unmount } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';

/**
 * Unmounts a deployment and what is shown in it, the innermost first; never lazily.
 * @param root its mount point
 * @throws SystemError `SYSTEM_MOUNT_BUSY` while any of it is in use; what is unmounted by then stays so
 */
export async function unmountDeployment({ runner }: Pick<Tools, 'runner'>, root: string): Promise<void> {
  const below = (await readMounts()).filter(({ mountPoint }) => mountPoint.startsWith(`${root}/`));
  for (const { mountPoint } of below.toReversed()) await unmount(runner, mountPoint);
  await unmount(runner, root);
}
