import { rm } from 'node:fs/promises';
import { normalize } from 'node:path/posix';
import type { Runner } from '@goldstream/system';
import { TreeError } from '../error.ts';
import { type PathBytes, pathFromText, ROOT } from '../path-bytes.ts';
import type { StoredFile, Tree } from '../tree.ts';
import { gatherArchive } from './archive/gather-archive.ts';
import { gatherBuild } from './gather-build.ts';
import { locateSource } from './locate-source.ts';
import { normalAttributes } from './normal-attributes.ts';
import type { TreeSource } from './source.ts';
import { makeSpool } from './spool.ts';
import { TreeAssembly } from './tree-assembly.ts';
import { walkSource } from './walk-source.ts';

/** What gathering needs of the world. */
export interface RecipeTools {
  /** Starts getfattr, zstd and the recipe's build commands. */
  readonly runner: Runner;
  /** A directory for the contents of archives. On the filesystem of the tree, they are not copied a second time. */
  readonly scratch: string;
  /** What a build command prints. */
  readonly onOutput?: (chunk: Uint8Array) => void;
}

/** The tree that a recipe describes. Its files are where the recipe has them, so nothing may change until it is disposed. */
export interface DesiredTree extends AsyncDisposable {
  readonly entries: Tree<StoredFile>;
}

/**
 * Runs a recipe's builds, opens its archives, and puts all sources together. Changes nothing but `scratch`, which is
 * cleared when the result is disposed.
 * @param folder the recipe's; nothing outside is used
 * @throws TreeError with the source's location: `TREE_SOURCE_*`, `TREE_TAR_*`, `TREE_BUILD_FAILED`, `TREE_NESTED_SUBVOLUME`
 */
export async function gatherRecipe(
  folder: string,
  sources: readonly TreeSource[],
  { runner, scratch, onOutput = () => {} }: RecipeTools,
): Promise<DesiredTree> {
  const spool = await makeSpool(scratch);
  const dispose = () => rm(spool, { recursive: true });
  try {
    const assembly = new TreeAssembly();
    for (const source of sources) {
      const gathered = await gatherSource(source, folder, { runner, spool, onOutput });
      assembly.add(treePath(source), source.attributes === 'normal' ? normalised(gathered) : gathered, source.location);
    }
    return { entries: assembly.finish(), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface SourceTools {
  readonly runner: Runner;
  readonly spool: string;
  readonly onOutput: (chunk: Uint8Array) => void;
}

async function gatherSource(
  source: TreeSource,
  folder: string,
  { runner, spool, onOutput }: SourceTools,
): Promise<Tree<StoredFile>> {
  // Attributes that are not kept need not be looked for.
  const xattrReader = source.attributes === 'preserve' ? runner : undefined;
  switch (source.kind) {
    case 'directory': {
      const root = await locateSource(folder, source.path, source.location);
      return await walkSource(root, source.location, { runner: xattrReader });
    }
    case 'archive':
      return await gatherArchive(source, await locateSource(folder, source.path, source.location), { runner, spool });
    case 'build':
      return await gatherBuild(source, folder, { runner, xattrReader, onOutput });
  }
}

function normalised(tree: Tree<StoredFile>): Tree<StoredFile> {
  return new Map([...tree].map(([path, entry]) => [path, normalAttributes(entry)]));
}

function treePath({ into, location }: TreeSource): PathBytes {
  const path = normalize(into).replace(/\/$/, '');
  if (path.startsWith('/') || path === '..' || path.startsWith('../')) {
    throw new TreeError('TREE_SOURCE_ESCAPES', `${location}: into is ${into}, expected a path inside the tree`);
  }
  return path === '.' ? ROOT : pathFromText(path);
}
