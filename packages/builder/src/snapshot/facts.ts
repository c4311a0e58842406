import type { Version } from '@goldstream/release';
import { findSubvolume, type SubvolumeFacts, showSubvolume } from '@goldstream/system';
import type { Layout } from '../layout.ts';
import { demandPool } from '../pool/demand-pool.ts';
import { exists } from '../pool/exists.ts';
import { readRecord } from '../state/record.ts';
import { type GoldenRecord, goldenRecord } from '../state/records.ts';
import type { Tools } from '../tools.ts';

/** What decides whether a snapshot can be made. */
export interface SnapshotFacts {
  readonly layout: Layout;
  readonly golden: SubvolumeFacts;
  /** What the last `golden update` left; undefined before the first. */
  readonly record: GoldenRecord | undefined;
  /** Whether something has the name already. */
  readonly taken: boolean;
  /** What an interrupted run left. */
  readonly unproven: SubvolumeFacts | undefined;
}

/** Looks at golden and at what is in the place of its snapshot. */
export async function gatherSnapshot(tools: Tools, version: Version): Promise<SnapshotFacts> {
  await demandPool(tools);
  const { runner, layout } = tools;
  const unproven = layout.unprovenSnapshot(version);
  return {
    layout,
    golden: await showSubvolume(runner, layout.golden),
    record: await readRecord(layout.goldenRecord, goldenRecord),
    taken: await exists(layout.snapshot(version)),
    unproven: (await exists(unproven)) ? await findSubvolume(runner, unproven) : undefined,
  };
}
