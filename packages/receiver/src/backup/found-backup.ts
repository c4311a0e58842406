import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as z from 'zod';
import type { Tools } from '../host/tools.ts';
import { stateBackupSchema } from '../persist/state-backup.ts';
import { findOwnSubvolume } from '../prune/own-subvolume.ts';
import type { OwnSubvolume } from '../prune/plan-prune.ts';

/** What was kept when a deployment was left, as it lies in `backup/states/`. */
export interface FoundBackup {
  /** Name of its directory: `20261122T101500Z-0007`. */
  readonly name: string;
  readonly at: string;
  /** Undefined: it was cut off before it was whole, or its `backup.json` cannot be read. */
  readonly record: z.infer<typeof stateBackupSchema> | undefined;
  readonly snapshots: readonly OwnSubvolume[];
}

/** Looks at all of them; oldest first, for their names begin with the time. */
export async function gatherBackups(tools: Tools): Promise<readonly FoundBackup[]> {
  const states = join(tools.layout.backup, 'states');
  const names = await namesIn(states);
  return Promise.all(names.toSorted().map((name) => lookAt(tools, name, join(states, name))));
}

async function lookAt(tools: Tools, name: string, at: string): Promise<FoundBackup> {
  const paths = (await namesIn(at)).toSorted().map((one) => join(at, one));
  const found = await Promise.all(paths.map((path) => findOwnSubvolume(tools, path)));
  const snapshots = found.flatMap((one, index) =>
    one === undefined ? [] : [{ path: paths[index] ?? '', uuid: one.uuid }],
  );
  return { name, at, record: await recordIn(at), snapshots };
}

async function recordIn(at: string): Promise<FoundBackup['record']> {
  try {
    return stateBackupSchema.safeParse(JSON.parse(await readFile(join(at, 'backup.json'), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}
