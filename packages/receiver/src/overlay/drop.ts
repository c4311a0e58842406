import type { PathBytes } from '@goldstream/tree';
import type { Hidden, Owned } from './hidden-by-upper.ts';

/** Something that a new writable layer does not take over from the one that it continues. */
export type Drop =
  /** What the layer has there, with all below it: the vendor's shows again. */
  | { readonly kind: 'remove'; readonly path: PathBytes }
  /** Only that a directory shows nothing of the vendor's; what lies in it stays. */
  | { readonly kind: 'reveal'; readonly path: PathBytes }
  /** Mode and owner of a directory become these. */
  | { readonly kind: 'attributes'; readonly path: PathBytes; readonly to: Owned };

/** What has to go so that all of this shows. Pure; nothing twice, sorted by path. */
export function dropsFor(hidden: readonly Hidden[]): readonly Drop[] {
  const drops = new Map<string, Drop>();
  for (const { cover } of hidden) {
    const drop = dropOf(cover);
    drops.set(`${drop.kind} ${drop.path}`, drop);
  }
  return [...drops.values()].sort(byPath);
}

function byPath(one: Drop, other: Drop): number {
  if (one.path === other.path) return 0;
  return one.path < other.path ? -1 : 1;
}

function dropOf(cover: Hidden['cover']): Drop {
  const { path } = cover;
  if (cover.kind === 'opaque') return { kind: 'reveal', path };
  if (cover.kind === 'attributes') return { kind: 'attributes', path, to: cover.vendor };
  return { kind: 'remove', path };
}
