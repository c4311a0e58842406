/** Longer than any path that `pathProblem` lets pass. */
const SCRATCH = Buffer.alloc(4096);

/**
 * The bytes of a path from `start` on as text, one character for each, in memory of its own. Makes nothing else: a view
 * for every path of a stream would be most of what the guard costs.
 * @param path at most 4096 bytes
 */
export function pathCharacters(path: Uint8Array, start = 0): string {
  SCRATCH.set(path);
  return SCRATCH.toString('latin1', start, path.length);
}

/** The same text in memory of its own: a part of a string keeps the whole one alive. */
export function flat(name: string): string {
  return SCRATCH.toString('latin1', 0, SCRATCH.write(name, 'latin1'));
}
