import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Runner, readXattrs, type Xattrs } from '@goldstream/system';
import { TreeError } from '../error.ts';
import { errnoOf } from '../os-error.ts';
import { joinPath, type PathBytes, pathFromText, pathToBuffer, ROOT, showPath } from '../path-bytes.ts';
import { isReleasedXattr } from '../released-xattrs.ts';
import type { Inode, StoredFile, Tree, TreeEntry } from '../tree.ts';
import { refuseBoundary } from './boundary.ts';
import { inodeOf } from './inode-of.ts';

/** How a tree is looked at. */
export interface WalkOptions {
  /** Starts getfattr; without it nothing has extended attributes. */
  readonly runner?: Runner | undefined;
  /** Names of extended attributes beside the ones that every release carries. */
  readonly extraXattrs?: readonly string[] | undefined;
}

/**
 * Looks at everything below `root`, following no symlink and reading no file.
 * @param root absolute path of a directory
 * @throws TreeError `TREE_NOT_A_DIRECTORY`, `TREE_NESTED_SUBVOLUME`, `TREE_NESTED_MOUNT`, `TREE_UNREADABLE`
 */
export async function walkTree(root: string, { runner, extraXattrs }: WalkOptions): Promise<Tree<StoredFile>> {
  const absolute = resolve(root);
  const base = pathFromText(absolute);
  const rootStats = readable(base, (at) => lstatSync(at));
  if (!rootStats.isDirectory()) throw new TreeError('TREE_NOT_A_DIRECTORY', `${showPath(base)} is not a directory`);
  const xattrs = runner === undefined ? NO_XATTRS : await gatherXattrs(runner, absolute, extraXattrs);
  return sortedTree(await listTree(base, rootStats, xattrs));
}

/** What is found on the way, in any order; `identities` of inodes that have several names somewhere. */
interface Listing {
  readonly inodes: Map<PathBytes, Inode<StoredFile>>;
  readonly identities: Map<PathBytes, string>;
}

/** Directory by directory, synchronously within one: several times as fast as a promise per name. */
async function listTree(base: PathBytes, rootStats: Stats, xattrs: ReadonlyMap<PathBytes, Xattrs>): Promise<Listing> {
  const inodes = new Map<PathBytes, Inode<StoredFile>>();
  const identities = new Map<PathBytes, string>();
  inodes.set(ROOT, inodeOf(base, rootStats, xattrs.get(ROOT) ?? NONE, ROOT));
  const directories = [ROOT];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const name of readable(joinPath(base, directory), (at) => readdirSync(at, { encoding: 'latin1' }))) {
      // Latin-1 gave one character per byte.
      const path = joinPath(directory, name as PathBytes);
      const stats = readable(joinPath(base, path), (at) => lstatSync(at));
      inodes.set(path, look(joinPath(base, path), stats, xattrs.get(path) ?? NONE));
      if (stats.isDirectory()) {
        refuseBoundary(base, rootStats, path, stats);
        directories.push(path);
      } else if (stats.nlink > 1) {
        identities.set(path, `${stats.dev}:${stats.ino}`);
      }
    }
    await setImmediate();
  }
  return { inodes, identities };
}

/** Sorts, and leaves of inodes with several names only the first. */
function sortedTree({ inodes, identities }: Listing): Tree<StoredFile> {
  const firstPaths = new Map<string, PathBytes>();
  const tree = new Map<PathBytes, TreeEntry<StoredFile>>();
  for (const path of [...inodes.keys()].sort()) {
    const identity = identities.get(path);
    const first = identity === undefined ? undefined : firstPaths.get(identity);
    // Every key was taken from the map itself.
    tree.set(path, first === undefined ? (inodes.get(path) as Inode<StoredFile>) : { kind: 'hard-link', to: first });
    if (identity !== undefined && first === undefined) firstPaths.set(identity, path);
  }
  return tree;
}

async function gatherXattrs(
  runner: Runner,
  root: string,
  extra: readonly string[] = [],
): Promise<ReadonlyMap<PathBytes, Xattrs>> {
  const skipped = pathFromText(root === '/' ? '/' : `${root}/`).length;
  const gathered = new Map<PathBytes, Xattrs>();
  for await (const { path, xattrs } of readXattrs(runner, root)) {
    const released = [...xattrs].filter(([name]) => isReleasedXattr(name, extra));
    // What getfattr printed are bytes, one character each.
    if (released.length > 0) gathered.set(path.slice(skipped) as PathBytes, new Map(released));
  }
  return gathered;
}

function look(at: PathBytes, stats: Stats, xattrs: Xattrs): Inode<StoredFile> {
  const target = stats.isSymbolicLink() ? readable(at, (path) => readlinkSync(path, { encoding: 'latin1' })) : '';
  // Latin-1 gave one character per byte.
  return inodeOf(at, stats, xattrs, target as PathBytes);
}

function readable<T>(at: PathBytes, read: (at: Buffer) => T): T {
  try {
    return read(pathToBuffer(at));
  } catch (cause) {
    throw new TreeError('TREE_UNREADABLE', `${showPath(at)} cannot be read: ${errnoOf(cause) ?? 'unknown'}`, { cause });
  }
}

const NONE: Xattrs = new Map();
const NO_XATTRS: ReadonlyMap<PathBytes, Xattrs> = new Map();
