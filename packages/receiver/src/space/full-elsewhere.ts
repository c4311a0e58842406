import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Layout } from '../host/layout.ts';

/** A filesystem beside the pool's that is full. */
export interface FullElsewhere {
  readonly path: string;
  readonly free: number;
}

/** Where commands write beside the pool: records on a disk of their own, what is placed on the system, units. */
const PLACES = ['etc', 'usr', 'usr/local', 'opt', 'var', 'run'];

/**
 * The first filesystem, of those that commands write to, on which less than `little` bytes are left. One that is the
 * pool's own has as much left as the pool: ask only when the pool has room.
 */
export async function findFullElsewhere(
  { root, state, config }: Pick<Layout, 'root' | 'state' | 'config'>,
  little: number,
): Promise<FullElsewhere | undefined> {
  for (const path of [state, dirname(config), ...PLACES.map((place) => join(root, place))]) {
    const found = await statfs(path).catch(() => undefined);
    if (found !== undefined && found.bavail * found.bsize < little) return { path, free: found.bavail * found.bsize };
  }
  return undefined;
}
