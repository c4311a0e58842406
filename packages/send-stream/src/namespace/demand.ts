import { displayPath } from '../display-path.ts';
import { NameProblem } from './name-problem.ts';
import { describeKind, type NodeKind } from './node-kind.ts';
import { pathProblem } from './path-problem.ts';

/** Lets only a path pass that is relative and normal; `GUARD_BAD_PATH`. */
export function demandNormal(path: Uint8Array): void {
  const problem = pathProblem(path);
  if (problem !== undefined) throw new NameProblem('GUARD_BAD_PATH', `${displayPath(path)} ${problem}`);
}

/**
 * Lets only a directory pass; `GUARD_NOT_A_DIRECTORY`, and `GUARD_THROUGH_SYMLINK` where a path goes on after a symlink.
 * @param length of the part of the path that leads to it
 */
export function demandDirectory({ kind }: { readonly kind: NodeKind }, path: Uint8Array, length: number): void {
  if (kind === 'directory' || kind === 'unknown') return;
  const found = `${displayPath(path.subarray(0, length))} is ${describeKind(kind)}`;
  const within = length < path.length;
  if (within && kind === 'symlink') throw new NameProblem('GUARD_THROUGH_SYMLINK', `${displayPath(path)}: ${found}`);
  throw new NameProblem('GUARD_NOT_A_DIRECTORY', `${found}, expected a directory`);
}
