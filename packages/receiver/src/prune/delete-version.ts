import { signatureName } from '@goldstream/release';
import { removeDurably } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { removeVersionRecord } from '../state/store-records.ts';
import { deleteUnused } from './delete-unused.ts';
import type { DeleteVersion } from './plan-prune.ts';

/**
 * Deletes a version, then what the host knew of it: after a power cut in between, a record without a subvolume is left,
 * which everybody takes for absent.
 * @returns why it was kept instead; undefined when it is gone
 */
export async function deleteVersion(tools: Tools, step: DeleteVersion): Promise<string | undefined> {
  const { layout } = tools;
  const kept = await deleteUnused(tools, step);
  if (kept !== undefined) return kept;
  await removeVersionRecord(layout, step.version);
  const manifest = layout.manifest(step.version);
  for (const file of [manifest, signatureName(manifest)]) await removeIfThere(file);
  return undefined;
}

/** Not every version has a manifest, nor every host a directory of them. */
async function removeIfThere(path: string): Promise<void> {
  await removeDurably(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
