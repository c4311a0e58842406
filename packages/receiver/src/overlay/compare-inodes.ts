import {
  type Aspect,
  compareContents,
  diffTrees,
  type Inode,
  type PathBytes,
  pathFromText,
  type StoredFile,
  TreeError,
} from '@goldstream/tree';

/** In what the second differs from the first; empty: in nothing. A file that is being written to differs. */
export async function compareInodes(wanted: Inode<StoredFile>, now: Inode<StoredFile>): Promise<readonly Aspect[]> {
  const desired = { entries: new Map([[AT, wanted]]) };
  const actual = { root: '/', entries: new Map([[AT, now]]) };
  try {
    const [difference] = diffTrees(desired, actual, await compareContents(desired, actual));
    return difference?.kind === 'differs' ? difference.aspects : [];
  } catch (error) {
    if (error instanceof TreeError && error.code === 'TREE_CHANGED_MEANWHILE') return ['content'];
    throw error;
  }
}

/** Both are compared under one name. */
const AT: PathBytes = pathFromText('it');
