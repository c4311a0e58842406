import { ComponentError } from './error.ts';
import { renderLocation } from './location.ts';
import type { ComponentManifest, PersistEntry } from './manifest.ts';

/** State that outlives deployments, and whose it is. */
export interface Persist {
  readonly manifest: ComponentManifest;
  readonly entry: PersistEntry;
}

/**
 * What a set of components keeps for all deployments, by name, in the order given.
 * @throws ComponentError `COMPONENT_PERSIST_TWICE` when two entries have one name, or when one path of a component is or
 * lies inside another's: a folder has one owner
 */
export function persists(manifests: readonly ComponentManifest[]): ReadonlyMap<string, Persist> {
  const owners = new Map<string, Persist>();
  for (const persist of manifests.flatMap((manifest) => manifest.persist.map((entry) => ({ manifest, entry })))) {
    const { name } = persist.entry;
    const owner = owners.get(name);
    if (owner !== undefined) throw conflict(persist, owner, `the name ${name} is`);
    const around = [...owners.values()].find((other) => overlap(other, persist));
    if (around !== undefined) throw conflict(persist, around, `${persist.entry.path} lies in, or around, what is`);
    owners.set(name, persist);
  }
  return owners;
}

function overlap(one: Persist, other: Persist): boolean {
  if (one.manifest !== other.manifest) return false;
  const [a, b] = [one, other].map(({ entry }) => `${entry.path}/`) as [string, string]; // As many as there were.
  return a.startsWith(b) || b.startsWith(a);
}

function conflict({ entry }: Persist, owner: Persist, what: string): ComponentError {
  const problem = `${what} kept by ${owner.manifest.component} at ${renderLocation(owner.entry.at)} already`;
  return new ComponentError('COMPONENT_PERSIST_TWICE', entry.at, problem, {
    hint: 'Give each folder that is kept a name and a place of its own.',
  });
}
