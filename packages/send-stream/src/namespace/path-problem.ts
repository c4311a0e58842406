/** Longest path in bytes that the kernel takes, without its closing NUL (`PATH_MAX` in linux/limits.h). */
const LONGEST_PATH = 4095;
/** Longest name in bytes (`NAME_MAX`). */
const LONGEST_NAME = 255;

const NUL = 0;
const DOT = 0x2e;
const SLASH = 0x2f;

/**
 * Why a path of a stream is not relative and normal, as a phrase that follows the path; undefined when it is. Bytes,
 * not text: names need not be UTF-8.
 */
export function pathProblem(path: Uint8Array): string | undefined {
  if (path.length === 0) return 'is empty';
  if (path.length > LONGEST_PATH) return `has ${path.length} bytes, at most ${LONGEST_PATH} are allowed`;
  if (path[0] === SLASH) return 'is absolute';
  if (path.includes(NUL)) return 'holds a NUL byte';
  for (let start = 0; start <= path.length; ) {
    const slash = path.indexOf(SLASH, start);
    const end = slash === -1 ? path.length : slash;
    const problem = nameProblem(path, start, end);
    if (problem !== undefined) return problem;
    start = end + 1;
  }
  return undefined;
}

function nameProblem(path: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  if (length === 0) return 'holds an empty component';
  if (length > LONGEST_NAME) return `holds a name of ${length} bytes, at most ${LONGEST_NAME} are allowed`;
  if (path[start] !== DOT || length > 2) return undefined;
  if (length === 1) return 'holds a "." component';
  return path[start + 1] === DOT ? 'holds a ".." component' : undefined;
}
