import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { ReceiverError } from '../error.ts';
import type { CheckTree } from './step.ts';

/** Refuses a mounted tree that lacks something its components promise: an operator's whiteout can hide it. */
export async function checkTree({ root, paths }: CheckTree): Promise<void> {
  const found = await Promise.all(paths.map((path) => lstat(join(root, path)).catch(() => undefined)));
  const missing = paths.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return;
  throw new ReceiverError('DEPLOY_INCOMPLETE_TREE', `${root} lacks ${missing.join(', ')}`, {
    hint: 'Either the release is incomplete, or these files were deleted in the active deployment.',
  });
}
