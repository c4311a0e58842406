import { ComponentError } from './error.ts';
import { type Location, renderLocation } from './location.ts';
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
  const all = manifests.flatMap((manifest) => manifest.files.map((entry) => ({ manifest, entry })));
  const overlap = overlapOf(all.map((claim) => ({ ...claim, target: claim.entry.target, at: claim.entry.at })));
  if (overlap === undefined) return new Map(all.map((claim) => [claim.entry.target, claim]));
  const { claim, earlier } = overlap;
  const relation = claim.target === earlier.target ? 'is claimed' : `lies inside ${earlier.target}, claimed`;
  throw new ComponentError(
    'COMPONENT_TARGET_TWICE',
    claim.at,
    `${claim.target} ${relation} by ${earlier.manifest.component} at ${renderLocation(earlier.at)} already`,
    { hint: 'Give each file a target of its own.' },
  );
}

/** Something that wants a place, and where that was written. */
export interface Placed {
  readonly target: string;
  readonly at: Location;
}

/** The first claim of a target that is another's, or lies inside another's, and that other one. */
export function overlapOf<P extends Placed>(
  entries: readonly P[],
): { readonly claim: P; readonly earlier: P } | undefined {
  const owners = new Map<string, P>();
  for (const claim of entries) {
    const earlier = owners.get(claim.target);
    if (earlier !== undefined) return { claim, earlier };
    owners.set(claim.target, claim);
  }
  for (const claim of entries) {
    const earlier = ancestorsOf(claim.target)
      .map((path) => owners.get(path))
      .find((owner) => owner !== undefined);
    if (earlier !== undefined) return { claim, earlier };
  }
  return undefined;
}

/** `/a/b/c` → `/a/b`, `/a`. */
function ancestorsOf(target: string): string[] {
  const names = target.split('/').slice(1, -1);
  return names.map((_, index) => `/${names.slice(0, names.length - index).join('/')}`);
}
