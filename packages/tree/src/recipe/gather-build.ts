import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { type Runner, readXattrs, type Xattrs } from '@goldstream/system';
import { TreeError } from '../error.ts';
import { pathFromText, pathToBuffer, ROOT } from '../path-bytes.ts';
import { isReleasedXattr } from '../released-xattrs.ts';
import type { StoredFile, Tree } from '../tree.ts';
import { inodeOf } from '../walk/inode-of.ts';
import { locateSource } from './locate-source.ts';
import type { BuildSource } from './source.ts';
import { walkSource } from './walk-source.ts';

/** What a build needs of the world. */
interface BuildTools {
  readonly runner: Runner;
  /** Present when extended attributes of the output are wanted. */
  readonly xattrReader: Runner | undefined;
  readonly onOutput: (chunk: Uint8Array) => void;
}

/**
 * Runs a build command in its folder and looks at what it leaves behind, a directory or a single file.
 * @throws TreeError `TREE_BUILD_FAILED`; `TREE_SOURCE_MISSING` or `TREE_SOURCE_ESCAPES` for its folder and its output
 */
export async function gatherBuild(
  { command, in: workingDirectory, output, location }: BuildSource,
  folder: string,
  { runner, xattrReader, onOutput }: BuildTools,
): Promise<Tree<StoredFile>> {
  const cwd = await locateSource(folder, workingDirectory, location);
  try {
    const build = runner.spawn(command, { cwd, stdout: 'pipe' });
    // Present, because it was asked for.
    for await (const chunk of build.stdout as AsyncIterable<Uint8Array>) onOutput(chunk);
    await build.ended;
  } catch (cause) {
    throw new TreeError('TREE_BUILD_FAILED', `${location}: the build command ${command[0]} failed`, { cause });
  }
  const built = await locateSource(folder, join(workingDirectory, output), location);
  const at = pathFromText(built);
  const stats = lstatSync(pathToBuffer(at));
  if (stats.isDirectory()) return await walkSource(built, location, { runner: xattrReader });
  const xattrs = xattrReader === undefined ? NONE : await xattrsOfFile(xattrReader, built);
  return new Map([[ROOT, inodeOf(at, stats, xattrs, ROOT)]]);
}

async function xattrsOfFile(runner: Runner, path: string): Promise<Xattrs> {
  for await (const { xattrs } of readXattrs(runner, path)) {
    return new Map([...xattrs].filter(([name]) => isReleasedXattr(name)));
  }
  return NONE;
}

const NONE: Xattrs = new Map();
