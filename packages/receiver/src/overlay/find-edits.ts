import { type Aspect, type PathBytes, pathFromText } from '@goldstream/tree';
import { compareInodes } from './compare-inodes.ts';
import { type Layer, pathsOf } from './layer.ts';
import { inodeIn } from './list-inodes.ts';

/** Something that is other in a deployment than in its version. */
export type Edit =
  /** Of a file that is copied up and equal again, `aspects` is empty: it hides the vendor's all the same. */
  | { readonly kind: 'changed'; readonly path: PathBytes; readonly aspects: readonly Aspect[] }
  | { readonly kind: 'added' | 'deleted'; readonly path: PathBytes }
  /** A directory that shows nothing of the vendor's directory any more. */
  | { readonly kind: 'replaced'; readonly path: PathBytes };

/**
 * What operators, and services that should write elsewhere, have changed in a deployment; sorted by path. A directory
 * that is there only because of what lies in it is no edit.
 * @param version absolute path of the version below the layer
 */
export async function findEdits(layer: Layer, version: string): Promise<readonly Edit[]> {
  const root = pathFromText(version);
  const edits: Edit[] = [];
  for (const path of pathsOf(layer)) {
    const vendor = inodeIn(root, path);
    const entry = layer.entries.get(path);
    if (entry === undefined) edits.push({ kind: 'deleted', path });
    else if (vendor === undefined) edits.push({ kind: 'added', path });
    else if (layer.opaque.has(path) && vendor.kind === 'directory') edits.push({ kind: 'replaced', path });
    else {
      const aspects = await compareInodes(vendor, entry);
      if (aspects.length > 0 || entry.kind !== 'directory') edits.push({ kind: 'changed', path, aspects });
    }
  }
  return edits;
}
