import { TreeError, type TreeErrorCode } from './error.ts';
import { type PathBytes, showPath } from './path-bytes.ts';

/** The `code` of an error of the operating system (`ENOENT`), or undefined for any other value. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Does something at `path`, and says in a coded error why the operating system would not. Other errors pass. */
export async function doAt<T>(path: PathBytes, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw asTreeError(path, cause);
  }
}

/** An error of the operating system at `path` as a coded one; any other value as it is. */
export function asTreeError(path: PathBytes, cause: unknown): unknown {
  const errno = errnoOf(cause);
  if (errno === undefined || !/^E[A-Z0-9]+$/.test(errno) || cause instanceof TreeError) return cause;
  const { code, problem, hint } = MEANING_OF[errno] ?? { code: 'TREE_UNREADABLE', problem: `cannot be used: ${errno}` };
  return new TreeError(code, `${showPath(path)} ${problem}`, { hint, cause });
}

interface Meaning {
  readonly code: TreeErrorCode;
  readonly problem: string;
  readonly hint?: string;
}

const NO_SPACE: Meaning = {
  code: 'TREE_NO_SPACE',
  problem: 'does not fit: no space is left on its filesystem',
  hint: 'Make room there and run the command again.',
};
const NOT_ALLOWED: Meaning = {
  code: 'TREE_UNWRITABLE',
  problem: 'may not be changed',
  hint: 'Run as root, on a filesystem and subvolume that are writable.',
};
const OTHER_THAN_PLANNED: Meaning = {
  code: 'TREE_CHANGED_MEANWHILE',
  problem: 'is not what it was when the plan was made',
  hint: 'Run the command again when nothing else writes there.',
};

const MEANING_OF: Readonly<Record<string, Meaning>> = {
  ENOSPC: NO_SPACE,
  EDQUOT: NO_SPACE,
  EROFS: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EACCES: NOT_ALLOWED,
  ENOENT: OTHER_THAN_PLANNED,
  EEXIST: OTHER_THAN_PLANNED,
  ENOTDIR: OTHER_THAN_PLANNED,
  EISDIR: OTHER_THAN_PLANNED,
  ENOTEMPTY: OTHER_THAN_PLANNED,
  ELOOP: OTHER_THAN_PLANNED,
};
