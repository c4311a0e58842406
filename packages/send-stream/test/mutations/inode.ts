/** What an inode can be. */
export type Kind = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'device';

/** An inode. */
export interface Inode {
  readonly kind: Kind;
  /** The snapshot that it belongs to; `outside` for all that is no snapshot. */
  readonly of: string;
  /** Numbers inodes in the order of their making. */
  readonly number: number;
  target: string;
  /** Mode, owner, attributes: by name. */
  readonly meta: Map<string, string>;
  /** What was done to its contents, in order: equal lists make equal contents. */
  readonly contents: string[];
  readonly children: Map<string, Inode>;
  parent: Inode | undefined;
}

/** An inode as a guard looks at it. */
export interface SeenKind {
  readonly kind: Exclude<Kind, 'device'>;
  readonly id: number;
}

/** The system said no: `btrfs receive` ends, with what it has done so far. */
export class Errno extends Error {}

let made = 0;

/** A fresh inode. */
export function inode(kind: Kind, of: string): Inode {
  made += 1;
  const empty = { meta: new Map(), contents: [], children: new Map() };
  return { kind, of, number: made, target: '', parent: undefined, ...empty };
}

/** The same tree again, hard links kept. */
export function snapshotOf(original: Inode | undefined, of: string, known = new Map<Inode, Inode>()): Inode {
  if (original === undefined) throw new Errno('ESTALE');
  const before = known.get(original);
  if (before !== undefined) return before;
  const copy = { ...inode(original.kind, of), target: original.target };
  known.set(original, copy);
  for (const [name, value] of original.meta) copy.meta.set(name, value);
  copy.contents.push(...original.contents);
  for (const [name, child] of original.children) {
    const below = snapshotOf(child, of, known);
    below.parent = copy;
    copy.children.set(name, below);
  }
  return copy;
}

/** What a name leads to. */
export function existing({ directory, name }: { directory: Inode; name: string }): Inode {
  const found = directory.children.get(name);
  if (found === undefined) throw new Errno('ENOENT');
  return found;
}

/** What C makes of bytes: up to the first NUL. */
export function cString(text: string): string {
  const nul = text.indexOf('\0');
  return nul === -1 ? text : text.slice(0, nul);
}

/** Writes down everything below a directory: as lines to compare, and as a guard would look at it. */
export function list(directory: Inode, path: string, tree: Record<string, string>, kinds: Map<string, SeenKind>): void {
  const { kind, target, contents, meta, number } = directory;
  tree[path] = JSON.stringify([kind, target, contents, [...meta].sort()]);
  if (kind !== 'device' && path !== '') kinds.set(path, { kind, id: number });
  for (const [name, child] of directory.children) list(child, path === '' ? name : `${path}/${name}`, tree, kinds);
}
