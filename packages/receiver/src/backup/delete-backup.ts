import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Step } from '@goldstream/plan';
import type { Tools } from '../host/tools.ts';
import { deleteUnused } from '../prune/delete-unused.ts';
import type { OwnSubvolume } from '../prune/plan-prune.ts';
import type { FoundBackup } from './found-backup.ts';

/** Deletes what was kept when a deployment was left. */
export interface DeleteBackup extends Step {
  readonly kind: 'delete-backup';
  readonly at: string;
  readonly snapshots: readonly OwnSubvolume[];
}

/** The step for one. */
export function deleteBackupStep({ name, at, snapshots }: FoundBackup): DeleteBackup {
  return { kind: 'delete-backup', says: `delete the backup ${name}`, at, snapshots };
}

/**
 * Deletes the snapshots that were seen, while nobody uses them; then its record, and the directory if nothing else is in
 * it. Whatever was done before an interruption is found done.
 * @returns why it was kept instead; undefined when it is gone
 */
export async function deleteBackup(tools: Tools, { at, snapshots }: DeleteBackup): Promise<string | undefined> {
  // Without its record it is no backup any more, however far this comes.
  await rm(join(at, 'backup.json'), { force: true });
  for (const snapshot of snapshots) {
    const kept = await deleteUnused(tools, snapshot);
    if (kept !== undefined) return kept;
  }
  try {
    await rmdir(at);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY') return `${at} is not empty`;
    if (code !== 'ENOENT') throw error;
  }
  return undefined;
}
