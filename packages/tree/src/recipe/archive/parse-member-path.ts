import type { PathBytes } from '../../path-bytes.ts';
import { LONGEST_NAME, LONGEST_PATH } from './archive-limits.ts';
import type { Refuse } from './refuse-member.ts';

/**
 * A member's name as a path within the tree: relative, without `.`, `..` and empty components.
 * @param refuse throws the coded error that names archive and member
 */
export function parseMemberPath(name: PathBytes, refuse: Refuse): PathBytes {
  if (name === '' || name.includes('\0')) refuse('TREE_TAR_UNSAFE_PATH', 'has an empty name or one with a NUL');
  if (name.startsWith('/')) refuse('TREE_TAR_UNSAFE_PATH', 'has an absolute path');
  const components = name.split('/').filter((component) => component !== '' && component !== '.');
  if (components.includes('..')) refuse('TREE_TAR_UNSAFE_PATH', 'has a path with ".."');
  const path = components.join('/');
  if (path.length > LONGEST_PATH || components.some(({ length }) => length > LONGEST_NAME)) {
    refuse('TREE_TAR_UNSAFE_PATH', 'has a path that is too long for Linux');
  }
  // Made of parts of bytes.
  return path as PathBytes;
}
