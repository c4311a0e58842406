import { displayPath } from '../display-path.ts';
import { demandDirectory, demandNormal } from './demand.ts';
import { joinNames, Node, type Origin } from './entry.ts';
import { NameProblem } from './name-problem.ts';
import { describeKind, type NodeKind } from './node-kind.ts';
import type { ParentLookup, ParentObject } from './parent-lookup.ts';
import { flat, pathCharacters } from './path-characters.ts';

/** A path and where its last name is, or would be. */
export interface Place {
  readonly path: Uint8Array;
  readonly directory: Node;
  /** Where the name begins in the path. */
  readonly nameStart: number;
  readonly name: string;
}

/**
 * Which name leads to which object, read from the parent where no command has said anything else. What it takes from
 * the parent stays: each name there is asked for once.
 */
export class NameTree {
  readonly #parent: ParentLookup | undefined;
  /** Objects of the parent that have several names there. */
  readonly #linked = new Map<number | bigint, Node>();
  #met = 0;
  readonly root: Node;

  /** @param parent leave it out for a tree that starts empty */
  constructor(parent?: ParentLookup) {
    this.#parent = parent;
    const origin = { directory: undefined, name: '', object: ROOT_OBJECT };
    this.root = this.make('directory', parent === undefined ? undefined : origin);
  }

  /** An object that no name leads to yet. @param origin where it is in the parent; undefined for one that is new */
  make(kind: NodeKind, origin?: Origin): Node {
    const node = new Node(this.#met, kind, origin);
    this.#met += 1;
    return node;
  }

  /**
   * The directory that holds a path's last name. `GUARD_BAD_PATH`, `GUARD_NO_SUCH_PATH`, `GUARD_THROUGH_SYMLINK`,
   * `GUARD_NOT_A_DIRECTORY`.
   * @param notThrough what the directory must not lie in; `GUARD_INTO_ITSELF`
   */
  locate(path: Uint8Array, notThrough?: Node): Place {
    demandNormal(path);
    const text = pathCharacters(path);
    let directory = this.root;
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

  /** What a place's name leads to; `GUARD_NO_SUCH_PATH`. */
  at({ directory, name, path }: Place): Node {
    const node = this.#child(directory, name);
    if (node === undefined) throw noSuchPath(path);
    return node;
  }

  /**
   * Lets only a place pass whose name is free; `GUARD_EXISTS`. A name of a parent that cannot be looked at counts as
   * free until a command used it.
   */
  demandVacant({ directory, name, path }: Place): void {
    const taken = directory.children?.get(name) ?? this.#inParent(directory, name);
    if (taken === undefined || (taken.kind === 'unknown' && !(taken instanceof Node))) return;
    throw new NameProblem('GUARD_EXISTS', `${displayPath(path)} is there already, ${describeKind(taken.kind)}`);
  }

  /** Lets a place's name, which is free, lead to an object. */
  put({ directory, path, nameStart }: Place, node: Node): void {
    nameIn(directory, pathCharacters(path, nameStart), node);
  }

  /** Lets a place's name lead nowhere. */
  remove({ directory, name }: Place): void {
    const node = directory.children?.get(name);
    directory.children?.delete(name);
    if (node?.origin?.directory === directory && node.origin.name === name) settle(directory, node.origin.name);
  }

  #child(directory: Node, name: string): Node | undefined {
    const known = directory.children?.get(name);
    if (known !== undefined) return known;
    const object = this.#inParent(directory, name);
    if (object === undefined) return undefined;
    const own = flat(name);
    const node = this.#ofParent(directory, own, object);
    nameIn(directory, own, node);
    // Another name of an object that is known by its first one: nobody could tell later that the parent has it.
    if (node.origin?.directory !== directory || node.origin.name !== own) settle(directory, own);
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
    const node = this.make(object.kind, { directory, name, object });
    if (object.id !== undefined) this.#linked.set(object.id, node);
    return node;
  }
}

const ROOT_OBJECT: ParentObject = { kind: 'directory' };

function nameIn(directory: Node, name: string, node: Node): void {
  directory.children ??= new Map();
  directory.children.set(name, node);
}

function settle(directory: Node, name: string): void {
  directory.settled ??= new Set();
  directory.settled.add(name);
}

function noSuchPath(path: Uint8Array): NameProblem {
  return new NameProblem('GUARD_NO_SUCH_PATH', `${displayPath(path)} does not exist`);
}
