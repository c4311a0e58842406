import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bindMount, findSubvolume } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import { mountLimits } from '../host/mount-limits.ts';
import type { Tools } from '../host/tools.ts';
import type { PersistPlace } from './persist-place.ts';

/**
 * Shows what is kept at its places in a mounted deployment, in order; what is shown already stays. A deployment without
 * it would run on state that is not its own, so a missing one is refused.
 * @param root absolute path of the mount
 * @throws ReceiverError `PERSIST_MISSING`; `DEPLOY_INCOMPLETE_TREE` when an edit leads the place elsewhere
 */
export async function bindPersists(
  { runner, layout, config }: Pick<Tools, 'runner' | 'layout' | 'config'>,
  root: string,
  places: readonly PersistPlace[],
): Promise<void> {
  for (const { name, path } of places) {
    const [from, at] = [join(layout.persist, name), join(root, path)];
    if ((await findSubvolume(runner, from)) === undefined) {
      throw new ReceiverError('PERSIST_MISSING', `${from} is not there, which is shown at ${at}`, {
        hint: `Put it back, from ${layout.backup} if it is there.`,
      });
    }
    if (await isShownAt(from, at)) continue;
    await demandPlain(root, path);
    await bindMount(runner, { from, at, options: mountLimits(config.allow) });
  }
}

/** Whether both are the same directory: a command that was cut off may have come so far. */
async function isShownAt(from: string, at: string): Promise<boolean> {
  const [kept, shown] = await Promise.all([from, at].map((path) => stat(path).catch(() => undefined)));
  return kept !== undefined && shown?.dev === kept.dev && shown.ino === kept.ino;
}

/** A symlink on the way would have the mount made somewhere else on the host. */
async function demandPlain(root: string, path: string): Promise<void> {
  const at = join(root, path);
  const real = await realpath(at).catch(() => undefined);
  if (real === join(await realpath(root), path)) return;
  const found = real === undefined ? 'is not there' : `leads to ${real}`;
  throw new ReceiverError('DEPLOY_INCOMPLETE_TREE', `${at} ${found}, expected a directory to show kept state at`, {
    hint: 'See `goldstream-receiver overlay list` for what was edited in the active deployment.',
  });
}
