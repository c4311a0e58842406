import { renderPlan } from '@goldstream/plan';
import type { SubvolumeFacts } from '@goldstream/system';
import { describe, expect, it } from 'vitest';
import { layoutOf } from '../layout.ts';
import type { SnapshotRecord } from '../state/records.ts';
import type { SnapshotFacts } from './facts.ts';
import { planSnapshot } from './plan-snapshot.ts';

const layout = layoutOf('/', 'shop');
const golden: SubvolumeFacts = {
  path: layout.golden,
  uuid: 'golden-uuid',
  parentUuid: undefined,
  receivedUuid: undefined,
  id: 256,
  generation: 9,
  generationAtCreation: 7,
  readonly: false,
  sendTransid: undefined,
};
const record = { contentDigest: `sha256:${'ab'.repeat(32)}`, bytes: 4096, files: 3, updated: '2026-11-22T00:00:00Z' };
const facts: SnapshotFacts = { layout, golden, record, taken: undefined, unproven: undefined };
const snapshot: SnapshotRecord = {
  ...record,
  version: 'v1.2.3',
  uuid: 'snapshot-uuid',
  extraXattrs: [],
  components: [],
  created: '2026-11-22T00:00:00Z',
};

describe('the plan of snapshot', () => {
  it('names what is frozen and what it must be', () => {
    expect(renderPlan(planSnapshot(facts, 'v1.2.3'))).toMatchInlineSnapshot(`
      "a read-only snapshot v1.2.3 of /var/lib/goldstream/shop/golden:
        1. make /var/lib/goldstream/shop/snapshots/v1.2.3, 3 files with 4.0 KiB, and prove that it is sha256:abababababab…
      "
    `);
  });

  it('first removes what an interrupted run left', () => {
    const unproven = { ...golden, path: layout.unprovenSnapshot('v1.2.3'), uuid: 'x', parentUuid: 'golden-uuid' };
    const { steps } = planSnapshot({ ...facts, unproven: { ...unproven, readonly: true } }, 'v1.2.3');
    expect(steps).toMatchObject([{ kind: 'remove-unproven', uuid: 'x' }, { kind: 'make-snapshot' }]);
  });

  it('does not remove a subvolume of that name that is no snapshot of golden', () => {
    const unproven = { ...golden, path: layout.unprovenSnapshot('v1.2.3'), readonly: true, parentUuid: 'another' };
    expect(() => planSnapshot({ ...facts, unproven }, 'v1.2.3')).toThrowError(
      expect.objectContaining({ code: 'BUILDER_POOL_BLOCKED' }),
    );
  });

  it('has nothing to do where the version is what golden is', () => {
    expect(planSnapshot({ ...facts, taken: snapshot }, 'v1.2.3')).toMatchObject({ steps: [] });
  });

  it('refuses a version that is something else', () => {
    const taken = { ...snapshot, contentDigest: `sha256:${'cd'.repeat(32)}` };
    expect(() => planSnapshot({ ...facts, taken }, 'v1.2.3')).toThrowError(
      expect.objectContaining({ code: 'BUILDER_SNAPSHOT_EXISTS', exitCode: 8 }),
    );
  });

  it('refuses a golden that nobody brought in line with a recipe', () => {
    expect(() => planSnapshot({ ...facts, record: undefined }, 'v1.2.3')).toThrowError(
      expect.objectContaining({ code: 'BUILDER_GOLDEN_NOT_UPDATED', exitCode: 8 }),
    );
  });
});
