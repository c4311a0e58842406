import { readFile } from 'node:fs/promises';
import {
  type ComponentManifest,
  claims,
  type FileEntry,
  orderComponents,
  parseComponentManifest,
  renderLocation,
} from '@goldstream/component';
import {
  joinPath,
  type PathBytes,
  parentOf,
  pathFromText,
  pathToBuffer,
  ROOT,
  type StoredFile,
  showPath,
  type Tree,
} from '@goldstream/tree';
import { BuilderError } from '../error.ts';

/** A component and the top-level directory of the tree that holds it. */
export interface TreeComponent {
  readonly directory: PathBytes;
  readonly manifest: ComponentManifest;
}

/**
 * The components of a tree: its top-level directories that hold a manifest.yaml, in the order of their deployment.
 * Everything that would stop a deployment is found here, before anything is built.
 * @throws ComponentError, BuilderError `BUILDER_FILE_MISSING`, both with file and line
 */
export async function readComponents(tree: Tree<StoredFile>): Promise<readonly TreeComponent[]> {
  const components: TreeComponent[] = [];
  for (const [path, entry] of tree) {
    const directory = parentOf(path);
    if (entry.kind !== 'file' || directory === undefined || path !== joinPath(directory, MANIFEST)) continue;
    if (directory === ROOT || parentOf(directory) !== ROOT) continue;
    const { at } = entry.content;
    const manifest = parseComponentManifest(await readFile(pathToBuffer(at), 'utf8'), showPath(at));
    for (const file of manifest.files) refuseMissing(tree, directory, file);
    components.push({ directory, manifest });
  }
  const manifests = components.map(({ manifest }) => manifest);
  claims(manifests);
  const ordered = orderComponents(manifests);
  return components.sort((a, b) => ordered.indexOf(a.manifest) - ordered.indexOf(b.manifest));
}

const MANIFEST = pathFromText('manifest.yaml');

function refuseMissing(tree: Tree<StoredFile>, directory: PathBytes, { path, type, at }: FileEntry): void {
  // A directory may also be made at the target only.
  if (type === 'directory' || tree.has(joinPath(directory, pathFromText(path)))) return;
  throw new BuilderError('BUILDER_FILE_MISSING', `${renderLocation(at)}: ${showPath(directory)} has no ${path}`, {
    hint: 'Add the file to the component, or correct its path.',
  });
}
