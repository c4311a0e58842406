import { readlink } from 'node:fs/promises';
import { linkDurably, mountAt, processesOn, remountReadOnly, remountWritable, SystemError } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import { bindPersists } from '../persist/bind-persist.ts';
import { gatherPlaces } from '../persist/gather-places.ts';
import { keepState } from '../persist/state-backup.ts';
import { demandOwnMount } from './demand-place.ts';
import { continueUpper, isWritable, mountDeployment } from './overlay.ts';
import type { Switch } from './step.ts';
import { unmountDeployment } from './unmount-deployment.ts';

/**
 * Makes `to` the active deployment: the old overlay becomes read-only, so that no write is lost; its writable layer, and
 * what all deployments share, are snapshotted; the new overlay is mounted; `current` is renamed. When anything before the rename fails, the old
 * deployment is writable again and nothing has changed.
 */
export async function switchDeployment(
  tools: Tools,
  { from, to, version, upper, backup }: Pick<Switch, 'from' | 'to' | 'version' | 'upper' | 'backup'>,
): Promise<void> {
  const { layout, runner } = tools;
  const target = layout.deployment(to);
  const old = from === undefined ? undefined : layout.deployment(from).root;
  const wasWritable = old !== undefined && (await isMountedWritable(old));
  let mounted = false;
  try {
    if (old !== undefined && wasWritable) await closeForWriting(tools, old);
    if (backup !== undefined) await keepState(tools, backup);
    if (upper.kind === 'snapshot') {
      await continueUpper(tools, layout.deployment(upper.of).overlay, target.overlay, upper.drops);
    }
    const there = await mountAt(target.root);
    if (there !== undefined) demandOwnMount(there, target);
    if (there === undefined) {
      await mountDeployment(tools, { version, overlay: target.overlay, at: target.root });
      mounted = true;
    } else {
      if (!isWritable(there)) await remountWritable(runner, target.root);
      await bindPersists(tools, target.root, await gatherPlaces(layout, version));
    }
    await nameAsCurrent(layout, target.link);
  } catch (error) {
    if (mounted) await unmountDeployment(tools, target.root);
    if (old !== undefined && wasWritable) await remountWritable(runner, old);
    throw error;
  }
}

/** What `current` names already stays, with its time: that is when the deployment became active. */
async function nameAsCurrent({ current }: Tools['layout'], link: string): Promise<void> {
  const named = await readlink(current).catch(() => undefined);
  if (named !== link) await linkDurably(current, link);
}

async function isMountedWritable(root: string): Promise<boolean> {
  const mount = await mountAt(root);
  return mount !== undefined && isWritable(mount);
}

async function closeForWriting({ runner }: Tools, root: string): Promise<void> {
  try {
    await remountReadOnly(runner, root);
  } catch (cause) {
    if (!(cause instanceof SystemError) || cause.code !== 'SYSTEM_MOUNT_BUSY') throw cause;
    const holders = (await processesOn(root)).map(({ pid, command }) => `${command} (process ${pid})`);
    throw new ReceiverError('DEPLOY_WRITERS', `${root} is being written to by ${holders.join(', ') || 'somebody'}`, {
      cause,
      hint: 'End these processes, then run the command again; the old deployment still runs.',
    });
  }
}
