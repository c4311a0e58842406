import type { Version } from '@goldstream/release';
import { findSubvolume, type Runner, type SubvolumeFacts } from '@goldstream/system';
import { readHostCtransid } from '@goldstream/transfer';
import { BuilderError } from '../error.ts';
import { exists } from '../pool/exists.ts';
import { readRecord } from '../state/record.ts';
import { type SnapshotRecord, snapshotRecord, subvolumeUuidOf } from '../state/records.ts';
import type { Tools } from '../tools.ts';

/** A snapshot that is here and is the one that was recorded. */
export interface RecordedSnapshot {
  readonly path: string;
  readonly record: SnapshotRecord;
}

/**
 * The snapshot of a version; undefined when there is none.
 * @throws BuilderError `BUILDER_SNAPSHOT_REPLACED` when it is not the one that `snapshot` made
 */
export async function findSnapshot({ runner, layout }: Tools, version: Version): Promise<RecordedSnapshot | undefined> {
  const path = layout.snapshot(version);
  if (!(await exists(path))) return undefined;
  const found = await findSubvolume(runner, path);
  const record = await readRecord(layout.snapshotRecord(version), snapshotRecord);
  if (found?.readonly && record !== undefined && (await isTheSame(runner, found, record))) return { path, record };
  const problem = record === undefined ? 'has no record' : found?.readonly ? 'is another one' : 'is writable';
  throw new BuilderError('BUILDER_SNAPSHOT_REPLACED', `${path} is not what goldstream-builder made: it ${problem}`, {
    hint: 'Make the next version; this one can no longer be released from here.',
  });
}

/**
 * By its own UUID. A received snapshot, which hosts know by the UUID that it was received with, must also be as it was
 * recorded: that UUID stays when somebody makes it writable and changes it, its ctransid does not.
 */
async function isTheSame(runner: Runner, found: SubvolumeFacts, record: SnapshotRecord): Promise<boolean> {
  if (found.uuid !== subvolumeUuidOf(record)) return false;
  const { received } = record;
  if (received === undefined) return true;
  return found.receivedUuid === record.uuid && (await readHostCtransid(runner, found.path)) === received.ctransid;
}

/**
 * The snapshot of a version.
 * @throws BuilderError `BUILDER_SNAPSHOT_MISSING`, `BUILDER_SNAPSHOT_REPLACED`
 */
export async function demandSnapshot(tools: Tools, version: Version): Promise<RecordedSnapshot> {
  const snapshot = await findSnapshot(tools, version);
  if (snapshot !== undefined) return snapshot;
  throw new BuilderError('BUILDER_SNAPSHOT_MISSING', `there is no snapshot ${tools.layout.snapshot(version)}`, {
    hint: `Make it: goldstream-builder snapshot ${version}`,
  });
}
