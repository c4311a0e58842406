import type { Version } from '@goldstream/release';
import type { FoundBackup } from './found-backup.ts';

/** By what rule backups are kept. */
export interface BackupRule {
  /** So many of the newest are kept. */
  readonly newest: number;
  /** Of each of these versions the newest one is kept, too: a rollback to it may want its state. */
  readonly versions: ReadonlySet<Version>;
}

/**
 * Which backups nobody needs. Those that were cut off go, unless they are younger than everything that is whole: whoever
 * was interrupted may have nothing better. What cannot be read goes by the same rule.
 * @param backups oldest first
 */
export function chooseOldBackups(
  backups: readonly FoundBackup[],
  { newest, versions }: BackupRule,
): readonly FoundBackup[] {
  const whole = backups.filter(({ record }) => record !== undefined);
  const lastWhole = backups.findLastIndex(({ record }) => record !== undefined);
  const kept = new Set(whole.slice(-newest));
  for (const version of versions) {
    const last = whole.findLast(({ record }) => record?.version === version);
    if (last !== undefined) kept.add(last);
  }
  return backups.filter((backup, index) => !kept.has(backup) && index < lastWhole);
}
