import { displayPath } from '../display-path.ts';
import { demandDirectory } from './demand.ts';
import type { Entry, Node } from './entry.ts';
import { NameProblem } from './name-problem.ts';
import { type NameState, namesBelow } from './name-state.ts';
import { NameTree, type Place } from './name-tree.ts';
import type { NodeKind } from './node-kind.ts';
import { OriginalNames } from './original-names.ts';
import type { ParentLookup, ParentObject } from './parent-lookup.ts';
import { PathMemo } from './path-memo.ts';

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
  readonly #tree: NameTree;
  readonly #originals: OriginalNames;
  readonly #last = new PathMemo<Node>();
  /** Whether the snapshot started as a parent's. */
  readonly hasParent: boolean;

  /** @param parent leave it out for a full stream */
  constructor(parent?: ParentLookup) {
    this.#tree = new NameTree(parent);
    this.#originals = new OriginalNames(parent);
    this.hasParent = parent !== undefined;
  }

  get root(): Entry {
    return this.#tree.root;
  }

  /** What a path leads to now; a final symlink is not followed. The empty path is the root. */
  get(path: Uint8Array): Entry {
    const remembered = this.#last.get(path);
    if (remembered !== undefined) return remembered;
    const node = path.length === 0 ? this.#tree.root : this.#tree.at(this.#tree.locate(path));
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
  create(path: Uint8Array, kind: NodeKind): Entry {
    const place = this.#vacant(path);
    const node = this.#tree.make(kind);
    this.#put(place, node);
    return node;
  }

  /**
   * Gives an object, with all below it, another name. `GUARD_EXISTS` when that is taken: `btrfs send` first moves out
   * of the way what has it. `GUARD_INTO_ITSELF` when it lies below the object.
   */
  rename(from: Uint8Array, to: Uint8Array): Entry {
    const source = this.#tree.locate(from);
    const node = this.#tree.at(source);
    const target = this.#tree.locate(to, node);
    this.#tree.demandVacant(target);
    this.#remove(source);
    this.#put(target, node);
    return node;
  }

  /** Gives an object one more name. `GUARD_EXISTS` when it is taken, `GUARD_WRONG_KIND` for a directory. */
  link(path: Uint8Array, existing: Uint8Array): Entry {
    const node = this.#tree.at(this.#tree.locate(existing));
    if (node.kind === 'directory') {
      throw new NameProblem('GUARD_WRONG_KIND', `${displayPath(existing)} is a directory and can have one name only`);
    }
    this.#put(this.#vacant(path), node);
    node.names += 1;
    return node;
  }

  /** Takes a name away from what is not a directory. `GUARD_WRONG_KIND` for a directory. */
  unlink(path: Uint8Array): Entry {
    const place = this.#tree.locate(path);
    const node = this.#tree.at(place);
    if (node.kind === 'directory') {
      throw new NameProblem('GUARD_WRONG_KIND', `${displayPath(path)} is a directory, expected anything else`);
    }
    this.#remove(place);
    node.names -= 1;
    return node;
  }

  /**
   * Takes a directory away. `GUARD_NOT_A_DIRECTORY` for what is none, `GUARD_NOT_EMPTY` when something is known to be
   * in it. What the parent has in it and no command named is not looked for: then the kernel refuses (`ENOTEMPTY`),
   * `btrfs receive` fails, and the snapshot stays unfinished.
   */
  rmdir(path: Uint8Array): Entry {
    const place = this.#tree.locate(path);
    const node = this.#tree.at(place);
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
    return namesBelow(this.#tree.root, '');
  }

  #vacant(path: Uint8Array): Place {
    const place = this.#tree.locate(path);
    this.#tree.demandVacant(place);
    return place;
  }

  #put(place: Place, node: Node): void {
    this.#last.forget();
    this.#tree.put(place, node);
  }

  #remove(place: Place): void {
    this.#last.forget();
    this.#tree.remove(place);
  }
}
