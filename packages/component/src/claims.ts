import { ComponentError } from './error.ts';
import { renderLocation } from './location.ts';
import type { ComponentManifest, FileEntry } from './manifest.ts';

/** Who owns a place on the system. */
export interface Claim {
  readonly manifest: ComponentManifest;
  readonly entry: FileEntry;
}

/**
 * Every target of a set of components and its owner, in the order given.
 * @throws ComponentError `COMPONENT_TARGET_TWICE` when two entries name one target, or one lies inside another's: a
 * target may be a link to a tree of the deployment, and nothing is written through such a link
 */
export function claims(manifests: readonly ComponentManifest[]): ReadonlyMap<string, Claim> {
  const owners = new Map<string, Claim>();
  for (const claim of manifests.flatMap((manifest) => manifest.files.map((entry) => ({ manifest, entry })))) {
    const { target } = claim.entry;
    const owner = owners.get(target);
    if (owner !== undefined) throw conflict(claim, owner, `${target} is`);
    owners.set(target, claim);
  }
  for (const claim of owners.values()) {
    const around = ancestorsOf(claim.entry.target).find((path) => owners.has(path));
    const owner = owners.get(around ?? '');
    if (owner !== undefined) throw conflict(claim, owner, `${claim.entry.target} lies inside ${around}, which is`);
  }
  return owners;
}

function conflict({ entry }: Claim, owner: Claim, what: string): ComponentError {
  const problem = `${what} claimed by ${owner.manifest.component} at ${renderLocation(owner.entry.at)} already`;
  return new ComponentError('COMPONENT_TARGET_TWICE', entry.at, problem, {
    hint: 'Give each file a target of its own.',
  });
}

/** `/a/b/c` → `/a/b`, `/a`. */
function ancestorsOf(target: string): string[] {
  const names = target.split('/').slice(1, -1);
  return names.map((_, index) => `/${names.slice(0, names.length - index).join('/')}`);
}
