import { realpath } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { TreeError } from '../error.ts';

/**
 * The real path of something that a recipe names, symlinks resolved.
 * @param folder the recipe's folder
 * @param path relative to it
 * @param location of the source, for the message
 * @throws TreeError `TREE_SOURCE_MISSING`; `TREE_SOURCE_ESCAPES` when it is outside the folder, by `..` or by a symlink
 */
export async function locateSource(folder: string, path: string, location: string): Promise<string> {
  const root = await realpath(folder).catch(() => resolve(folder));
  const found = await realpath(resolve(root, path)).catch((cause: unknown) => {
    throw new TreeError('TREE_SOURCE_MISSING', `${location}: ${path} is not in ${root}`, { cause });
  });
  const within = relative(root, found);
  if (within === '..' || within.startsWith('../')) {
    throw new TreeError('TREE_SOURCE_ESCAPES', `${location}: ${path} is ${found}, expected something in ${root}`, {
      hint: 'Copy it into the folder of the recipe.',
    });
  }
  return found;
}
