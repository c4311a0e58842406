import { type FileEntry, renderLocation } from '@goldstream/component';
import {
  findComponents,
  joinPath,
  type PathBytes,
  pathFromText,
  type StoredFile,
  showPath,
  type Tree,
  type TreeComponent,
} from '@goldstream/tree';
import { BuilderError } from '../error.ts';

/**
 * The components of a tree, in the order of their deployment. Everything that would stop a deployment is found here,
 * before anything is built.
 * @throws ComponentError, BuilderError `BUILDER_FILE_MISSING`, both with file and line
 */
export async function readComponents(tree: Tree<StoredFile>): Promise<readonly TreeComponent[]> {
  const components = await findComponents(tree);
  for (const { directory, manifest } of components) {
    for (const file of manifest.files) refuseMissing(tree, directory, file);
  }
  return components;
}

function refuseMissing(tree: Tree<StoredFile>, directory: PathBytes, { path, type, at }: FileEntry): void {
  // A directory may also be made at the target only.
  if (type === 'directory' || tree.has(joinPath(directory, pathFromText(path)))) return;
  throw new BuilderError('BUILDER_FILE_MISSING', `${renderLocation(at)}: ${showPath(directory)} has no ${path}`, {
    hint: 'Add the file to the component, or correct its path.',
  });
}
