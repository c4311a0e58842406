import { join } from 'node:path';
import { persists } from '@goldstream/component';
import type { InstalledComponent } from '../integrate/installed-component.ts';

/** A folder of a deployment whose content all deployments share. */
export interface PersistPlace {
  /** Name of the subvolume in `persist/`. */
  readonly name: string;
  /** Relative to the root of every deployment and version: `core/var/db`. */
  readonly path: string;
}

/**
 * What a version's components keep, by name.
 * @throws ComponentError `COMPONENT_PERSIST_TWICE`
 */
export function persistPlaces(components: readonly InstalledComponent[]): readonly PersistPlace[] {
  const folderOf = new Map(components.map(({ manifest, name }) => [manifest, name]));
  return [...persists(components.map(({ manifest }) => manifest))]
    .map(([name, { manifest, entry }]) => ({ name, path: join(folderOf.get(manifest) ?? '', entry.path) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
