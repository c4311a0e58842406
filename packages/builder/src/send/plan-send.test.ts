import { renderPlan } from '@goldstream/plan';
import type { Version } from '@goldstream/release';
import { describe, expect, it } from 'vitest';
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
const wantedFull = { parent: undefined, existing: full };
const wantedFromOld = { parent: snapshotOf('v1.2.9'), existing: undefined };

describe('the plan of send', () => {
  it('sends what is wanted, the full stream and from a parent', () => {
    const wanted = [{ ...wantedFull, existing: undefined }, wantedFromOld];
    expect(renderPlan(planSend({ ...facts, wanted }))).toMatchInlineSnapshot(`
      "send streams of v1.3.0 in /var/lib/goldstream/shop/streams/v1.3.0:
        1. send v1.3.0 in full (about 1.0 MiB), zstd level 9
        2. send v1.3.0 as what differs from v1.2.9, zstd level 9
      "
    `);
  });

  it('has nothing to do for a stream that is there', () => {
    expect(planSend({ ...facts, wanted: [wantedFull] }).steps).toEqual([]);
    expect(planSend({ ...facts, wanted: [wantedFull, wantedFromOld] }).steps).toHaveLength(1);
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
    expect(planSend({ ...facts, wanted: [{ ...wantedFromOld, existing }] }).steps).toHaveLength(1);
    const same: StreamRecord = {
      ...full,
      stream: { ...full.stream, kind: 'incremental', parent: { ...parent, uuid: 'uuid of v1.2.9' } },
    };
    expect(planSend({ ...facts, wanted: [{ ...wantedFromOld, existing: same }] }).steps).toEqual([]);
  });
});

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
