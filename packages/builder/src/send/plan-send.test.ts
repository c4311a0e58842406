import { renderPlan } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import { describe, expect, it } from 'vitest';
import type { DeltaReport } from '../delta/report.ts';
import { layoutOf } from '../layout.ts';
import type { RecordedSnapshot } from '../snapshot/find-snapshot.ts';
import type { StreamRecord } from '../state/records.ts';
import type { SendFacts } from './facts.ts';
import { planSend } from './plan-send.ts';

const layout = layoutOf('/', 'shop');
const facts: SendFacts = {
  layout,
  version: 'v1.3.0',
  snapshot: snapshotOf('v1.3.0'),
  settings: { level: 9, partSize: 2 ** 30 },
  wanted: [],
  budget: undefined,
};
const full: StreamRecord = {
  stream: {
    kind: 'full',
    protocol: 1,
    encoding: 'zstd',
    rawBytes: 10,
    rawSha256: 'ab'.repeat(32),
    assets: [{ name: 'shop-v1.3.0.full.btrfs.zst', bytes: 5, sha256: 'cd'.repeat(32), chunks: ['ef'.repeat(32)] }],
  },
  snapshot: { name: 'v1.3.0', uuid: 'uuid of v1.3.0', transid: 7 },
  level: 9,
  partSize: 2 ** 30,
};
const wantedFull = { parent: undefined, existing: full, report: undefined };
const wantedFromOld = { parent: snapshotOf('v1.2.9'), existing: undefined, report: undefined };

const fromOld: StreamRecord = {
  ...full,
  stream: { ...full.stream, kind: 'incremental', parent: { version: 'v1.2.9', uuid: 'uuid of v1.2.9' } },
};
const report: DeltaReport = {
  version: 'v1.3.0',
  uuid: 'uuid of v1.3.0',
  parent: { version: 'v1.2.9', uuid: 'uuid of v1.2.9' },
  rawBytes: 10,
  sentBytes: 0,
  wastedBytes: 0,
  isPartial: false,
  sentFiles: 0,
  wastedFiles: 0,
  files: [],
  advice: [],
};

describe('the plan of send', () => {
  it('sends what is wanted, the full stream and from a parent', () => {
    const wanted = [{ ...wantedFull, existing: undefined }, wantedFromOld];
    expect(renderPlan(planSend({ ...facts, wanted, budget: 20_000_000 }))).toMatchInlineSnapshot(`
      "send streams of v1.3.0 in /var/lib/goldstream/shop/streams/v1.3.0:
        1. send v1.3.0 in full (about 1.0 MiB), zstd level 9
        2. send v1.3.0 as what differs from v1.2.9, zstd level 9
        3. compare what v1.3.0 sends with what v1.2.9 holds
        4. check that no incremental exceeds 19.1 MiB
      "
    `);
  });

  it('has nothing to do for a stream that is there', () => {
    expect(planSend({ ...facts, wanted: [wantedFull] }).steps).toEqual([]);
    expect(kindsOf({ wanted: [wantedFull, wantedFromOld] })).toEqual(['send-stream', 'examine-delta']);
  });

  it.each<[string, Partial<StreamRecord>]>([
    ['another level', { level: 19 }],
    ['another part size', { partSize: 2 ** 20 }],
    ['another snapshot', { snapshot: { ...full.snapshot, uuid: 'of before' } }],
  ])('sends again what was made with %s', (_, change) => {
    expect(planSend({ ...facts, wanted: [{ ...wantedFull, existing: { ...full, ...change } }] }).steps).toHaveLength(1);
  });

  it('sends again what was made from another snapshot of the parent', () => {
    const parent = { version: 'v1.2.9' as const, uuid: 'of before' };
    const existing: StreamRecord = { ...full, stream: { ...full.stream, kind: 'incremental', parent } };
    expect(kindsOf({ wanted: [{ ...wantedFromOld, existing, report }] })).toEqual(['send-stream']);
    expect(kindsOf({ wanted: [{ ...wantedFromOld, existing: fromOld, report }] })).toEqual([]);
  });

  it('examines what was not, or of other snapshots', () => {
    const wanted = { ...wantedFromOld, existing: fromOld };
    expect(kindsOf({ wanted: [wanted] })).toEqual(['examine-delta']);
    for (const other of [{ uuid: 'of before' }, { parent: { ...report.parent, uuid: 'of before' } }]) {
      expect(kindsOf({ wanted: [{ ...wanted, report: { ...report, ...other } }] })).toEqual(['examine-delta']);
    }
  });

  it('holds a stream of an earlier run against the budget, unless it is known to keep to it', () => {
    const wanted = [{ ...wantedFromOld, existing: fromOld, report }];
    expect(kindsOf({ wanted, budget: 5 })).toEqual([]);
    expect(kindsOf({ wanted, budget: 4 })).toEqual(['check-budget']);
    expect(kindsOf({ wanted: [{ ...wantedFull, existing: undefined }], budget: 4 })).toEqual(['send-stream']);
  });
});

function kindsOf(change: Partial<SendFacts>): readonly string[] {
  return planSend({ ...facts, ...change }).steps.map(({ kind }) => kind);
}

function snapshotOf(version: Version): RecordedSnapshot {
  return {
    path: layout.snapshot(version),
    record: {
      version,
      uuid: `uuid of ${version}`,
      contentDigest: `sha256:${'12'.repeat(32)}`,
      bytes: 2 ** 20,
      files: 4,
      extraXattrs: [],
      components: [],
      created: '2026-11-22T00:00:00Z',
    },
  };
}
