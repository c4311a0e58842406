import { displayPath } from '../display-path.ts';
import { demandDirectory, demandNormal } from './demand.ts';
import { NameProblem } from './name-problem.ts';
import type { ParentLookup, ParentObject } from './parent-lookup.ts';
import { PathMemo } from './path-memo.ts';

/** The names of the parent as they were before the first command: where clones out of the parent come from. */
export class OriginalNames {
  readonly #parent: ParentLookup | undefined;
  readonly #last = new PathMemo<ParentObject>();

  constructor(parent: ParentLookup | undefined) {
    this.#parent = parent;
  }

  /** What is at a path, under the rules of `Namespace`. */
  get(path: Uint8Array): ParentObject {
    const remembered = this.#last.get(path);
    if (remembered !== undefined) return remembered;
    demandNormal(path);
    for (let slash = path.indexOf(SLASH); slash !== -1; slash = path.indexOf(SLASH, slash + 1)) {
      demandDirectory(this.#find(path.subarray(0, slash)), path, slash);
    }
    const object = this.#find(path);
    this.#last.set(path, object);
    return object;
  }

  #find(path: Uint8Array): ParentObject {
    const object = this.#parent?.find(path);
    if (object !== undefined) return object;
    throw new NameProblem('GUARD_NO_SUCH_PATH', `${displayPath(path)} is not in the parent`);
  }
}

const SLASH = 0x2f;
