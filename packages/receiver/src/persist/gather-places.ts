import type { Version } from '@goldstream/release';
import type { Layout } from '../host/layout.ts';
import { readComponents } from '../integrate/read-components.ts';
import { type PersistPlace, persistPlaces } from './persist-place.ts';

/** What a received version keeps for all deployments; a version that is not here keeps nothing, and cannot be mounted. */
export async function gatherPlaces(layout: Layout, version: Version): Promise<readonly PersistPlace[]> {
  try {
    return persistPlaces(await readComponents(layout.version(version)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
