import { join } from 'node:path';
import type { Version } from '@goldstream/release';
import { isVersion } from '@goldstream/release';
import { findSubvolume, makeDirectoryDurably, snapshotSubvolume, writeDurably } from '@goldstream/system';
import * as z from 'zod';
import { type Layout, numberName } from '../host/layout.ts';
import type { Tools } from '../host/tools.ts';
import type { DeploymentRecord } from '../state/records.ts';
import type { PersistPlace } from './persist-place.ts';

/** What is kept of all deployments' state when one is left, so that it can be had back. */
export interface StateBackup {
  /** Absolute path of a directory that is made for it. */
  readonly at: string;
  readonly takenAt: string;
  /** The deployment that is left. */
  readonly deployment: number;
  readonly version: Version;
  /** Names in `persist/`; each is a read-only snapshot in the directory. */
  readonly persist: readonly string[];
}

/** `backup.json` in such a directory; written last, so that one with it is whole. */
export const stateBackupSchema = z.object({
  takenAt: z.iso.datetime(),
  deployment: z.int().min(1),
  version: z.custom<Version>((value) => typeof value === 'string' && isVersion(value)),
  persist: z.array(z.string()),
});

/** Decides what is kept at a switch away from `active`; undefined: its version keeps nothing. Pure. */
export function planStateBackup(
  { backup }: Pick<Layout, 'backup'>,
  active: DeploymentRecord | undefined,
  places: readonly PersistPlace[],
  now: Date,
): StateBackup | undefined {
  if (active === undefined || places.length === 0) return undefined;
  const takenAt = now.toISOString();
  const stamp = takenAt.replaceAll(/[-:]|\.\d+/g, '');
  return {
    at: join(backup, 'states', `${stamp}-${numberName(active.number)}`),
    takenAt,
    deployment: active.number,
    version: active.version,
    persist: places.map(({ name }) => name),
  };
}

/** Takes the snapshots; each is on disk when it is made. What was taken before an interruption stays as it is. */
export async function keepState(
  { runner, layout }: Pick<Tools, 'runner' | 'layout'>,
  backup: StateBackup,
): Promise<void> {
  const { at, ...record } = backup;
  await makeDirectoryDurably(at, 0o700);
  for (const name of backup.persist) {
    const kept = join(at, name);
    if ((await findSubvolume(runner, kept)) !== undefined) continue;
    await snapshotSubvolume(runner, join(layout.persist, name), kept, { readonly: true });
  }
  await writeDurably(join(at, 'backup.json'), `${JSON.stringify(record)}\n`, 0o600);
}
