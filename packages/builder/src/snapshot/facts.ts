import type { Version } from '@goldstream/release';
import { findSubvolume, type SubvolumeFacts, showSubvolume } from '@goldstream/system';
import type { Layout } from '../layout.ts';
import { demandPool } from '../pool/demand-pool.ts';
import { exists } from '../pool/exists.ts';
import { readRecord } from '../state/record.ts';
import { type GoldenRecord, goldenRecord, type SnapshotRecord } from '../state/records.ts';
import type { Tools } from '../tools.ts';
import { findSnapshot } from './find-snapshot.ts';

/** What decides whether a snapshot can be made. */
export interface SnapshotFacts {
  readonly layout: Layout;
  readonly golden: SubvolumeFacts;
  /** What the last `golden update` left; undefined before the first. */
  readonly record: GoldenRecord | undefined;
  /** What has the name of the version already, as it was recorded. */
  readonly taken: SnapshotRecord | undefined;
  /** What an interrupted run left. */
  readonly unproven: SubvolumeFacts | undefined;
}

/**
 * Looks at golden and at what is in the place of its snapshot.
 * @throws BuilderError `BUILDER_SNAPSHOT_REPLACED` when what has the name is not what was recorded
 */
export async function gatherSnapshot(tools: Tools, version: Version): Promise<SnapshotFacts> {
  await demandPool(tools);
  const { runner, layout } = tools;
  const unproven = layout.unprovenSnapshot(version);
  return {
    layout,
    golden: await showSubvolume(runner, layout.golden),
    record: await readRecord(layout.goldenRecord, goldenRecord),
    taken: (await findSnapshot(tools, version))?.record,
    unproven: (await exists(unproven)) ? await findSubvolume(runner, unproven) : undefined,
  };
}
