import { renderTable } from '@goldstream/cli';
import type { Version } from '@goldstream/release';
import { numberName } from '../host/layout.ts';
import type { FoundBackup } from './found-backup.ts';

/** One backup, as `backup list --json` prints it. Fields are only ever added. */
export interface ToldBackup {
  readonly name: string;
  readonly path: string;
  /** What was left, and when; `null` for one that was cut off. */
  readonly left: { readonly deployment: number; readonly version: Version; readonly at: string } | null;
  /** Names of what was kept. */
  readonly persist: readonly string[];
}

/** Newest first. Pure. */
export function tellBackups(backups: readonly FoundBackup[]): readonly ToldBackup[] {
  return backups.toReversed().map(({ name, at, record }) => ({
    name,
    path: at,
    left: record === undefined ? null : { deployment: record.deployment, version: record.version, at: record.takenAt },
    persist: record?.persist ?? [],
  }));
}

/** As a person reads it. */
export function renderBackups(backups: readonly ToldBackup[]): string {
  if (backups.length === 0) return 'no state was kept: no component has any, or no deployment was left\n';
  return renderTable(backups, [
    { title: 'BACKUP', cell: ({ name }) => name },
    {
      title: 'LEFT',
      cell: ({ left }) => (left === null ? 'CUT OFF' : `${numberName(left.deployment)} (${left.version})`),
    },
    { title: 'STATE', cell: ({ persist }) => persist.join(', ') },
  ]);
}
