import { lstat } from 'node:fs/promises';
import { deleteSubvolume, describeUse, subvolumeUsers } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { findOwnSubvolume } from './own-subvolume.ts';
import type { OwnSubvolume } from './plan-prune.ts';

/**
 * Deletes a subvolume while it is the one that was meant and nobody uses it: looked at last thing before, because the
 * kernel asks nobody. Gone already is fine.
 * @returns why it was kept instead; undefined when it is gone
 */
export async function deleteUnused(tools: Tools, { path, uuid }: OwnSubvolume): Promise<string | undefined> {
  if (await isAbsent(path)) return undefined;
  const found = await findOwnSubvolume(tools, path);
  if (found?.uuid !== uuid) return `${path} is ${found?.uuid ?? 'no subvolume of the pool'}, expected ${uuid}`;
  const [use] = (await subvolumeUsers([path])).get(path) ?? [];
  if (use !== undefined) return `${path}: ${describeUse(use)}`;
  await deleteSubvolume(tools.runner, path);
  return undefined;
}

async function isAbsent(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
}
