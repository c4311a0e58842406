import { readFile } from 'node:fs/promises';
import { type ComponentManifest, claims, orderComponents, parseComponentManifest } from '@goldstream/component';
import { joinPath, type PathBytes, parentOf, pathFromText, pathToBuffer, ROOT, showPath } from '../path-bytes.ts';
import type { StoredFile, Tree } from '../tree.ts';

/** A component and the top-level directory of the tree that holds it. */
export interface TreeComponent {
  readonly directory: PathBytes;
  readonly manifest: ComponentManifest;
}

/**
 * The components of a tree: its top-level directories that hold a manifest.yaml, in the order of their deployment.
 * @throws ComponentError with file and line
 */
export async function findComponents(tree: Tree<StoredFile>): Promise<readonly TreeComponent[]> {
  const components: TreeComponent[] = [];
  for (const [path, entry] of tree) {
    const directory = parentOf(path);
    if (entry.kind !== 'file' || directory === undefined || path !== joinPath(directory, MANIFEST)) continue;
    if (directory === ROOT || parentOf(directory) !== ROOT) continue;
    const { at } = entry.content;
    const manifest = parseComponentManifest(await readFile(pathToBuffer(at), 'utf8'), showPath(at));
    components.push({ directory, manifest });
  }
  const manifests = components.map(({ manifest }) => manifest);
  claims(manifests);
  const ordered = orderComponents(manifests);
  return components.sort((a, b) => ordered.indexOf(a.manifest) - ordered.indexOf(b.manifest));
}

const MANIFEST = pathFromText('manifest.yaml');
