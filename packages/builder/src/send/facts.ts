import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Version } from '@goldstream/release';
import { findReport } from '../delta/find-reports.ts';
import type { DeltaReport } from '../delta/report.ts';
import { BuilderError } from '../error.ts';
import type { Layout } from '../layout.ts';
import { demandPool } from '../pool/demand-pool.ts';
import { demandSnapshot, findSnapshot, type RecordedSnapshot } from '../snapshot/find-snapshot.ts';
import { readRecord } from '../state/record.ts';
import { type StreamRecord, streamRecord } from '../state/records.ts';
import type { Tools } from '../tools.ts';

/** How streams are compressed and cut. */
export interface SendSettings {
  readonly level: number;
  readonly partSize: number;
}

/** A stream that is wanted, and what is there of it. */
export interface WantedStream {
  /** Undefined for the full one. */
  readonly parent: RecordedSnapshot | undefined;
  /** An earlier run's, if all its files are there; it may be of other settings. */
  readonly existing: StreamRecord | undefined;
  /** What the delta doctor found out about an incremental; it may be of other snapshots. */
  readonly report: DeltaReport | undefined;
}

/** What decides which streams have to be made. */
export interface SendFacts {
  readonly layout: Layout;
  readonly version: Version;
  readonly snapshot: RecordedSnapshot;
  readonly settings: SendSettings;
  readonly wanted: readonly WantedStream[];
  /** Compressed bytes that no incremental may exceed. */
  readonly budget: number | undefined;
}

/** Which streams are wanted, and how large incrementals may get. */
export interface SendWish {
  readonly full: boolean;
  readonly parents: readonly Version[];
  /** Stands before the budget of golden.yaml. */
  readonly maxDelta: number | undefined;
}

/**
 * Looks at a snapshot, the parents asked for, and the streams that exist.
 * @throws BuilderError `BUILDER_SNAPSHOT_MISSING`, `BUILDER_SNAPSHOT_REPLACED`, `BUILDER_PARENT_UNKNOWN`
 */
export async function gatherSend(
  tools: Tools,
  version: Version,
  { full, parents, maxDelta }: SendWish,
): Promise<SendFacts> {
  const { partSize, level, budget } = tools.recipe.golden.release;
  await demandPool(tools, ['zstd']);
  const { layout } = tools;
  const snapshot = await demandSnapshot(tools, version);
  const wanted: WantedStream[] = [];
  if (full) wanted.push({ parent: undefined, existing: await findStream(layout, version), report: undefined });
  for (const parent of new Set(parents)) {
    wanted.push({
      parent: await demandParent(tools, version, parent),
      existing: await findStream(layout, version, parent),
      report: await findReport(layout, version, parent),
    });
  }
  return { layout, version, snapshot, settings: { level, partSize }, wanted, budget: maxDelta ?? budget };
}

/** The record of a stream whose assets are all there, with the sizes it says. */
export async function findStream(
  layout: Layout,
  version: Version,
  parent?: Version,
): Promise<StreamRecord | undefined> {
  const record = await readRecord(layout.streamRecord(version, parent), streamRecord);
  if (record === undefined) return undefined;
  for (const { name, bytes } of record.stream.assets) {
    const found = await stat(join(layout.assets(version), name)).catch(() => undefined);
    if (found?.size !== bytes) return undefined;
  }
  return record;
}

async function demandParent(tools: Tools, version: Version, parent: Version): Promise<RecordedSnapshot> {
  const snapshot = parent === version ? undefined : await findSnapshot(tools, parent);
  if (snapshot !== undefined) return snapshot;
  const why = parent === version ? 'a version is not its own parent' : `there is no ${tools.layout.snapshot(parent)}`;
  throw new BuilderError('BUILDER_PARENT_UNKNOWN', `${parent} cannot be the parent of ${version}: ${why}`, {
    hint: 'Name a version whose snapshot is on this builder.',
  });
}
