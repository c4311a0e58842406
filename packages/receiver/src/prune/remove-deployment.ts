import { access, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { processesOn, SystemError, syncDirectory, unmount } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { writeDeploymentRecord } from '../state/store-records.ts';
import { deleteUnused } from './delete-unused.ts';
import type { RemoveDeployment } from './plan-prune.ts';

/**
 * Takes a deployment away: unmounted (never lazily), then its writable layers, its links and its mount point, and at
 * the end its record says so. Whatever was done before an interruption is found done by the next prune.
 * @returns why it was kept instead; undefined when it is gone
 */
export async function removeDeployment(
  tools: Tools,
  { record, mounts, layers }: RemoveDeployment,
): Promise<string | undefined> {
  const { runner, layout } = tools;
  const { live, root, links } = layout.deployment(record.number);
  for (const at of mounts) {
    const busy = await unmountUnlessBusy(tools, at);
    if (busy !== undefined) return busy;
  }
  for (const layer of layers) {
    const kept = await deleteUnused(tools, layer);
    if (kept !== undefined) return kept;
  }
  await rm(links, { recursive: true, force: true });
  // The mount point was made immutable, so that nothing is written into it while nothing is mounted.
  if (await exists(root)) await runner.run(['chattr', '-i', root]);
  for (const directory of [root, live]) {
    const kept = await removeEmpty(directory);
    if (kept !== undefined) return kept;
  }
  await syncDirectory(dirname(live));
  await writeDeploymentRecord(layout, record);
  return undefined;
}

async function unmountUnlessBusy({ runner }: Tools, at: string): Promise<string | undefined> {
  try {
    await unmount(runner, at);
    return undefined;
  } catch (error) {
    if (!(error instanceof SystemError) || error.code !== 'SYSTEM_MOUNT_BUSY') throw error;
    const holders = (await processesOn(at)).map(({ pid, command }) => `${command} (process ${pid})`);
    return `${at} is in use by ${holders.join(', ') || 'somebody who cannot be seen'}`;
  }
}

/** rmdir(2), which never takes anything with it that somebody else has put there. */
async function removeEmpty(directory: string): Promise<string | undefined> {
  try {
    await rmdir(directory);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTEMPTY' || code === 'EBUSY') return `${directory} is not empty, or is mounted on`;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
