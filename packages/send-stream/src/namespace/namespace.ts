import { displayPath } from '../display-path.ts';
import { demandDirectory, demandNormal } from './demand.ts';
import { type Entry, joinNames, Node } from './entry.ts';
import { NameProblem } from './name-problem.ts';
import { describeKind, type NodeKind } from './node-kind.ts';
import { OriginalNames } from './original-names.ts';
import type { ParentLookup, ParentObject } from './parent-lookup.ts';
import { flat, pathCharacters } from './path-characters.ts';
import { PathMemo } from './path-memo.ts';

/** A name that differs from the parent, or was looked at. */
export interface NameState {
  /** Where the name is now: one character for each byte, the root of the snapshot being empty. */
  readonly directory: string;
  readonly name: string;
  /** What it leads to; undefined when the parent's directory has the name and the snapshot has not. */
  readonly entry: Entry | undefined;
}

/**
 * The names of a snapshot while a stream builds it: what each of them leads to after the commands so far.
 *
 * A full stream starts with an empty root, an incremental one with everything that the parent has. Of a parent only
 * what commands name is looked at, and a directory that was renamed takes all below it along without a look: its
 * entries stay tied to where they are in the parent. (`btrfs send` swaps the directories `a` and `b` through a
 * temporary name and then writes to `a/f`, which is the parent's `b/f`.)
 *
 * Every path is checked: relative and normal, each component before the last a directory and no symlink. What does not
 * hold is a `NameProblem`: `GUARD_BAD_PATH`, `GUARD_NO_SUCH_PATH`, `GUARD_THROUGH_SYMLINK`, `GUARD_NOT_A_DIRECTORY`, and
 * what the methods name.
 */
export class Namespace {
  readonly #parent: ParentLookup | undefined;
  readonly #root: Node;
  /** Objects of the parent that have several names there. */
  readonly #linked = new Map<number | bigint, Node>();
  readonly #last = new PathMemo<Node>();
  readonly #originals: OriginalNames;

  /** @param parent leave it out for a full stream */
  constructor(parent?: ParentLookup) {
    this.#parent = parent;
    this.#originals = new OriginalNames(parent);
    const origin = { directory: undefined, name: '', object: ROOT_OBJECT };
    this.#root = new Node('directory', parent === undefined ? { ino: ROOT_INO } : { origin });
  }

  /** Whether the snapshot started as a parent's. */
  get hasParent(): boolean {
    return this.#parent !== undefined;
  }

  get root(): Entry {
    return this.#root;
  }

  /** What a path leads to now; a final symlink is not followed. The empty path is the root. */
  get(path: Uint8Array): Entry {
    const remembered = this.#last.get(path);
    if (remembered !== undefined) return remembered;
    const node = path.length === 0 ? this.#root : this.#existing(this.#locate(path));
    this.#last.set(path, node);
    return node;
  }

  /** As {@link get}, but undefined when it leads nowhere. */
  find(path: Uint8Array): Entry | undefined {
    try {
      return this.get(path);
    } catch (error) {
      if (error instanceof NameProblem) return undefined;
      throw error;
    }
  }

  /** Makes a name for a new object. `GUARD_EXISTS` when it is taken. */
  create(path: Uint8Array, kind: NodeKind, ino: bigint): Entry {
    const place = this.#vacant(path);
    const node = new Node(kind, { ino });
    this.#put(place, node);
    return node;
  }

  /**
   * Gives an object, with all below it, another name. `GUARD_EXISTS` when that is taken: `btrfs send` first moves out
   * of the way what has it. `GUARD_INTO_ITSELF` when it lies below the object.
   */
  rename(from: Uint8Array, to: Uint8Array): Entry {
    const source = this.#locate(from);
    const node = this.#existing(source);
    const target = this.#locate(to, node);
    this.#demandVacant(target);
    this.#remove(source);
    this.#put(target, node);
    return node;
  }

  /** Gives an object one more name. `GUARD_EXISTS` when it is taken, `GUARD_WRONG_KIND` for a directory. */
  link(path: Uint8Array, existing: Uint8Array): Entry {
    const node = this.#existing(this.#locate(existing));
    if (node.kind === 'directory') {
      throw new NameProblem('GUARD_WRONG_KIND', `${displayPath(existing)} is a directory and can have one name only`);
    }
    this.#put(this.#vacant(path), node);
    node.names += 1;
    return node;
  }

  /** Takes a name away from what is not a directory. `GUARD_WRONG_KIND` for a directory. */
  unlink(path: Uint8Array): Entry {
    const place = this.#locate(path);
    const node = this.#existing(place);
    if (node.kind === 'directory') {
      throw new NameProblem('GUARD_WRONG_KIND', `${displayPath(path)} is a directory, expected anything else`);
    }
    this.#remove(place);
    node.names -= 1;
    return node;
  }

  /**
   * Takes a directory away. `GUARD_NOT_A_DIRECTORY` for what is none, `GUARD_NOT_EMPTY` when something is known to be
   * in it; what the parent has in it and no command named is not looked for, the kernel does that.
   */
  rmdir(path: Uint8Array): Entry {
    const place = this.#locate(path);
    const node = this.#existing(place);
    demandDirectory(node, path, path.length);
    if (node.children !== undefined && node.children.size > 0) {
      throw new NameProblem('GUARD_NOT_EMPTY', `${displayPath(path)} is not empty`);
    }
    this.#remove(place);
    node.names = 0;
    return node;
  }

  /** What the parent has at a path, before the first command. As {@link get}, but the path is the parent's own. */
  original(path: Uint8Array): ParentObject {
    return this.#originals.get(path);
  }

  /**
   * All names that differ from the parent's or were looked at, from the root down, in no order that means anything.
   * Names below a directory of the parent that no command named are not among them.
   */
  names(): Generator<NameState> {
    return namesBelow(this.#root, '');
  }

  /** The directory that holds a path's last name. @param notThrough what the directory must not lie in */
  #locate(path: Uint8Array, notThrough?: Node): Place {
    demandNormal(path);
    const text = pathCharacters(path);
    let directory = this.#root;
    let start = 0;
    for (let slash = text.indexOf('/'); slash !== -1; slash = text.indexOf('/', start)) {
      const node = this.#child(directory, text.slice(start, slash));
      if (node === undefined) throw noSuchPath(path.subarray(0, slash));
      demandDirectory(node, path, slash);
      if (node === notThrough) {
        throw new NameProblem('GUARD_INTO_ITSELF', `${displayPath(path)} lies in the directory that is renamed`);
      }
      directory = node;
      start = slash + 1;
    }
    return { path, directory, nameStart: start, name: start === 0 ? text : text.slice(start) };
  }

  #existing({ directory, name, path }: Place): Node {
    const node = this.#child(directory, name);
    if (node === undefined) throw noSuchPath(path);
    return node;
  }

  #vacant(path: Uint8Array): Place {
    const place = this.#locate(path);
    this.#demandVacant(place);
    return place;
  }

  /** A name of a parent that cannot be looked at counts as vacant until a command used it. */
  #demandVacant({ directory, name, path }: Place): void {
    const taken = directory.children?.get(name) ?? this.#inParent(directory, name);
    if (taken === undefined || (taken.kind === 'unknown' && !(taken instanceof Node))) return;
    throw new NameProblem('GUARD_EXISTS', `${displayPath(path)} is there already, ${describeKind(taken.kind)}`);
  }

  #child(directory: Node, name: string): Node | undefined {
    const known = directory.children?.get(name);
    if (known !== undefined) return known;
    const object = this.#inParent(directory, name);
    if (object === undefined) return undefined;
    const own = flat(name);
    const node = this.#ofParent(directory, own, object);
    nameIn(directory, own, node);
    directory.settled ??= new Set();
    directory.settled.add(own);
    return node;
  }

  /** What a directory still has from the parent under a name that was not looked at. */
  #inParent({ parentPath, settled }: Node, name: string): ParentObject | undefined {
    if (parentPath === undefined || settled?.has(name)) return undefined;
    return this.#parent?.find(Buffer.from(joinNames(parentPath, name), 'latin1'));
  }

  /** The entry for a name of the parent: that of another name when the object has several. */
  #ofParent(directory: Node, name: string, object: ParentObject): Node {
    const known = object.id === undefined ? undefined : this.#linked.get(object.id);
    if (known !== undefined) {
      known.names += 1;
      return known;
    }
    const node = new Node(object.kind, { origin: { directory, name, object } });
    if (object.id !== undefined) this.#linked.set(object.id, node);
    return node;
  }

  #put({ directory, path, nameStart }: Place, node: Node): void {
    this.#last.forget();
    nameIn(directory, pathCharacters(path, nameStart), node);
  }

  #remove({ directory, name }: Place): void {
    this.#last.forget();
    directory.children?.delete(name);
  }
}

/** A path and where its last name is, or would be. */
interface Place {
  readonly path: Uint8Array;
  readonly directory: Node;
  /** Where the name begins in the path. */
  readonly nameStart: number;
  readonly name: string;
}

/** `BTRFS_FIRST_FREE_OBJECTID`: the inode number of every subvolume's root. */
const ROOT_INO = 256n;
const ROOT_OBJECT: ParentObject = { kind: 'directory' };

function* namesBelow({ children, settled }: Node, directory: string): Generator<NameState> {
  for (const [name, entry] of children ?? []) {
    yield { directory, name, entry };
    yield* namesBelow(entry, joinNames(directory, name));
  }
  for (const name of settled ?? []) {
    if (!children?.has(name)) yield { directory, name, entry: undefined };
  }
}

function nameIn(directory: Node, name: string, node: Node): void {
  directory.children ??= new Map();
  directory.children.set(name, node);
}

function noSuchPath(path: Uint8Array): NameProblem {
  return new NameProblem('GUARD_NO_SUCH_PATH', `${displayPath(path)} does not exist`);
}
