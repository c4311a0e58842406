import type { Entry } from '../namespace/entry.ts';
import { joinNames } from '../namespace/entry.ts';
import type { Namespace } from '../namespace/namespace.ts';

/** A name that an object has at the end of a stream. Paths have one character a byte. */
export interface FinalName {
  readonly path: string;
  /** The parent has the same name, in the same directory, for the same object. */
  readonly kept: boolean;
}

/** What the names of a namespace come to at the end of its stream. */
export interface FinalNames {
  /** Every object that the stream touched and that has a name: the one it kept first, then bytewise. */
  readonly objects: ReadonlyMap<Entry, readonly FinalName[]>;
  /** Those of them that something else was named in. */
  readonly directories: ReadonlySet<Entry>;
  /** Where a path of the parent would be now: in the nearest of its directories that is still there. */
  heirOf(parentPath: string): string;
}

/** Reads the end of a stream off its namespace. */
export function finalNames(names: Namespace): FinalNames {
  const root = names.get(new Uint8Array(0));
  const at = new Map<string, Entry>([['', root]]);
  const objects = new Map<Entry, FinalName[]>();
  const directories = new Set<Entry>();
  /** Where the parent's directories are now, by their paths there. */
  const moved = new Map<string, string>([['', '']]);
  for (const { directory, name, entry } of names.names()) {
    if (entry === undefined) continue;
    const holder = at.get(directory);
    if (holder !== undefined) directories.add(holder);
    const path = joinNames(directory, name);
    const { parentPath } = entry;
    const kept =
      parentPath !== undefined && holder?.parentPath !== undefined && joinNames(holder.parentPath, name) === parentPath;
    at.set(path, entry);
    if (parentPath !== undefined) moved.set(parentPath, path);
    const others = objects.get(entry);
    if (others === undefined) objects.set(entry, [{ path, kept }]);
    else others.push({ path, kept });
  }
  for (const found of objects.values()) found.sort(byRank);
  return { objects, directories, heirOf: (parentPath) => heirIn(moved, parentPath) };
}

function byRank(a: FinalName, b: FinalName): number {
  return Number(b.kept) - Number(a.kept) || (a.path < b.path ? -1 : 1);
}

function heirIn(moved: ReadonlyMap<string, string>, parentPath: string): string {
  for (let slash = parentPath.lastIndexOf('/'); slash > 0; slash = parentPath.lastIndexOf('/', slash - 1)) {
    const directory = moved.get(parentPath.slice(0, slash));
    if (directory !== undefined) return directory + parentPath.slice(slash);
  }
  return parentPath;
}
