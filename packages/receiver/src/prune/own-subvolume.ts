import { lstat, realpath } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { findMount, findSubvolume, SUBVOLUME_ROOT_INODE, type SubvolumeFacts } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';

/**
 * The subvolume at a path of the pool, or undefined when there is none that is certainly ours to judge: a symlink, a
 * plain directory, or something of another mount that lies over it.
 */
export async function findOwnSubvolume({ runner, layout }: Tools, path: string): Promise<SubvolumeFacts | undefined> {
  const entry = await lstat(path, { bigint: true }).catch(() => undefined);
  if (entry?.isDirectory() !== true || entry.ino !== SUBVOLUME_ROOT_INODE) return undefined;
  const [pool, real] = await Promise.all([realpath(layout.pool), realpath(path)]);
  if (real !== resolve(pool, relative(layout.pool, path))) return undefined;
  const [poolMount, mount] = await Promise.all([findMount(layout.deploy), findMount(path)]);
  return mount.id === poolMount.id ? findSubvolume(runner, path) : undefined;
}
