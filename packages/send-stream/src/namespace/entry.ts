import type { NodeKind } from './node-kind.ts';
import type { ParentObject } from './parent-lookup.ts';

/**
 * An object of the snapshot under construction. The same object is the same entry, whatever it is called at the moment
 * and however many names it has: a key for whatever else is to be known of it.
 */
export interface Entry {
  /** From 0, the root, in the order in which objects are met: an index for tables of what is known of them. */
  readonly index: number;
  readonly kind: NodeKind;
  /**
   * Where an object of the parent is in the parent, one character for each byte, the root being empty; undefined for
   * one that the stream created.
   */
  readonly parentPath: string | undefined;
  /** What the parent said of it. */
  readonly parentObject: ParentObject | undefined;
  /** Names it has now, as far as the stream and the parent have shown them. 0: it is gone. */
  readonly names: number;
}

/** Where an object of the parent comes from. The root has no directory. */
export interface Origin {
  readonly directory: Node | undefined;
  readonly name: string;
  readonly object: ParentObject;
}

/** An entry with what only the namespace may touch. */
export class Node implements Entry {
  readonly index: number;
  readonly kind: NodeKind;
  readonly origin: Origin | undefined;
  names = 1;
  /** Of a directory: what is in it, as far as it differs from the parent or was looked at. Made with the first name. */
  children: Map<string, Node> | undefined;
  /**
   * Of a directory of the parent: names that the parent has and that do not lead there any more. They lead to what
   * `children` says, or are gone; all others that `children` lacks lead to what the parent says.
   */
  settled: Set<string> | undefined;

  /** @param origin of an object of the parent */
  constructor(index: number, kind: NodeKind, origin: Origin | undefined) {
    this.index = index;
    this.kind = kind;
    this.origin = origin;
    this.children = undefined;
    this.settled = undefined;
  }

  get parentObject(): ParentObject | undefined {
    return this.origin?.object;
  }

  get parentPath(): string | undefined {
    return this.origin === undefined ? undefined : originPath(this.origin);
  }
}

/** `name` below `directory`, the root being empty. */
export function joinNames(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

function originPath({ directory, name }: Origin): string {
  // What comes from the parent comes from a directory of the parent.
  return directory === undefined ? name : joinNames(directory.parentPath as string, name);
}
