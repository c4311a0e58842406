import { type Aspect, type Inode, type PathBytes, pathFromText, type StoredFile } from '@goldstream/tree';
import { compareInodes } from './compare-inodes.ts';
import { coverOf, coversAt, type Layer, pathsOf } from './layer.ts';
import { inodeIn, inodesBelow } from './list-inodes.ts';

/** Something that a new version brings and a writable layer hides. */
export interface Hidden {
  /** What the vendor made, or made anew. */
  readonly path: PathBytes;
  /** Whether the old version had it, and in what the new one differs from that. */
  readonly vendor: { readonly kind: 'added' } | { readonly kind: 'changed'; readonly aspects: readonly Aspect[] };
  readonly cover: Cover;
}

/** What in the layer hides something of the vendor's. */
export type Cover =
  /** A file, or whatever else is no directory, stands in its place or in that of a directory above it. */
  | { readonly kind: 'file'; readonly path: PathBytes }
  /** It, or a directory above it, was deleted. */
  | { readonly kind: 'whiteout'; readonly path: PathBytes }
  /** A directory at its place or above it shows nothing of the vendor's. */
  | { readonly kind: 'opaque'; readonly path: PathBytes }
  /** A directory stands in the place of a file. */
  | { readonly kind: 'directory'; readonly path: PathBytes }
  /** A directory is the vendor's, and has its own mode and owner; these would be the vendor's. */
  | { readonly kind: 'attributes'; readonly path: PathBytes; readonly vendor: Owned };

/** Permission bits and numeric owner. */
export type Owned = Readonly<Record<'mode' | 'uid' | 'gid', number>>;

/**
 * Which of the vendor's changes from one version to another nobody will see, because the writable layer hides them;
 * sorted by path. What the layer has exactly as the new version does is not hidden.
 * @param versions absolute paths of both
 */
export async function hiddenByUpper(
  layer: Layer,
  { oldVersion, newVersion }: { readonly oldVersion: string; readonly newVersion: string },
): Promise<readonly Hidden[]> {
  const [before, after] = [pathFromText(oldVersion), pathFromText(newVersion)];
  const hidden: Hidden[] = [];
  for (const [path, brought] of await coveredIn(layer, after)) {
    const vendor = await vendorChange(inodeIn(before, path), brought);
    if (vendor === undefined) continue;
    const entry = layer.entries.get(path);
    if (entry !== undefined && (await compareInodes(brought, entry)).length === 0) continue;
    hidden.push({ path, vendor, cover: whatHides(layer, path, brought) });
  }
  return hidden;
}

/** What a version has wherever the layer has something, and all of it below what the layer covers whole. */
async function coveredIn(layer: Layer, version: PathBytes): Promise<readonly [PathBytes, Inode<StoredFile>][]> {
  const covered = new Map<PathBytes, Inode<StoredFile>>();
  for (const path of pathsOf(layer)) {
    const inode = inodeIn(version, path);
    if (inode === undefined) continue;
    covered.set(path, inode);
    if (!coversAt(layer, path)) continue;
    for (const [below, found] of await inodesBelow(version, path)) covered.set(below, found);
  }
  return [...covered].sort(([one], [other]) => (one < other ? -1 : 1));
}

async function vendorChange(
  old: Inode<StoredFile> | undefined,
  brought: Inode<StoredFile>,
): Promise<Hidden['vendor'] | undefined> {
  if (old === undefined) return { kind: 'added' };
  const aspects = await compareInodes(brought, old);
  return aspects.length === 0 ? undefined : { kind: 'changed', aspects };
}

function whatHides(layer: Layer, path: PathBytes, brought: Inode<StoredFile>): Cover {
  const isDirectory = layer.entries.get(path)?.kind === 'directory';
  if (isDirectory && brought.kind !== 'directory') return { kind: 'directory', path };
  const cover = coverOf(layer, path);
  if (cover === undefined || (isDirectory && cover === path)) {
    const { mode, uid, gid } = brought;
    return { kind: 'attributes', path, vendor: { mode, uid, gid } };
  }
  if (layer.whiteouts.has(cover)) return { kind: 'whiteout', path: cover };
  return { kind: layer.opaque.has(cover) ? 'opaque' : 'file', path: cover };
}
