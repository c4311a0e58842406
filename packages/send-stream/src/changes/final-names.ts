import { type Entry, joinNames } from '../namespace/entry.ts';
import type { Namespace } from '../namespace/namespace.ts';

/** A name that an object has at the end of a stream. Paths have one character a byte. */
export interface FinalName {
  readonly path: string;
  /** The parent has the same name, in the same directory, for the same object. */
  readonly kept: boolean;
}

/** An object that a stream touched and that has a name: the one it kept first, then bytewise. */
export interface NamedObject {
  readonly entry: Entry;
  readonly names: readonly [FinalName, ...FinalName[]];
}

/** What the names of a namespace come to at the end of its stream. */
export interface FinalNames {
  /** Made while it is asked for: a million names need no second copy. */
  objects(): Iterable<NamedObject>;
  /** Objects that something was named in. */
  readonly directories: ReadonlySet<Entry>;
  /** Where a path of the parent would be now: in the nearest of its directories that is still there. */
  heirOf(parentPath: string): string;
}

/** Reads the end of a stream off its namespace. */
export function finalNames(names: Namespace): FinalNames {
  const holders = holdersIn(names);
  const moved = new Map<string, string>();
  for (const [path, { parentPath }] of holders) if (parentPath !== undefined) moved.set(parentPath, path);
  return {
    objects: () => namedObjects(names, holders),
    directories: new Set(holders.values()),
    heirOf: (parentPath) => heirIn(moved, parentPath),
  };
}

/** The directories that names were looked at in, by their paths. */
function holdersIn(names: Namespace): ReadonlyMap<string, Entry> {
  const holders = new Map([['', names.get(new Uint8Array(0))]]);
  let last: { readonly path: string; readonly entry: Entry } | undefined;
  for (const { directory, name, entry } of names.names()) {
    // What is in a directory comes right after it.
    if (last !== undefined && last.path === directory) holders.set(directory, last.entry);
    last = entry && { path: joinNames(directory, name), entry };
  }
  return holders;
}

function* namedObjects(names: Namespace, holders: ReadonlyMap<string, Entry>): Generator<NamedObject> {
  const linked = new Map<Entry, [FinalName, ...FinalName[]]>();
  for (const { directory, name, entry } of names.names()) {
    if (entry === undefined) continue;
    const { parentPath } = entry;
    const before = holders.get(directory)?.parentPath;
    const kept = parentPath !== undefined && before !== undefined && joinNames(before, name) === parentPath;
    const found = { path: joinNames(directory, name), kept };
    const others = linked.get(entry);
    if (entry.names === 1) yield { entry, names: [found] };
    else if (others === undefined) linked.set(entry, [found]);
    else others.push(found);
  }
  for (const [entry, found] of linked) yield { entry, names: found.sort(byRank) };
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
