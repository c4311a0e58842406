import { TreeError, type TreeErrorCode } from '../../error.ts';
import { type PathBytes, showPath } from '../../path-bytes.ts';
import type { ArchiveSource } from '../source.ts';

/** Throws the coded error about one member; `problem` continues the sentence that its name begins. */
export type Refuse = (code: TreeErrorCode, problem: string) => never;

/** How members of this archive are refused: the message names recipe line, archive and member. */
export function refuseMember({ location, path }: ArchiveSource, name: PathBytes): Refuse {
  return (code, problem) => {
    const shown = name.length > LONGEST_SHOWN ? `${showPath(name).slice(0, LONGEST_SHOWN)}…` : showPath(name);
    throw new TreeError(code, `${location}: ${path}: the member ${shown} ${problem}`);
  };
}

const LONGEST_SHOWN = 200;
