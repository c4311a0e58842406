import { renderPlan } from '@goldstream/plan';
import type { IncrementalStream, StreamEntry, Version } from '@goldstream/release';
import type { SubvolumeFacts } from '@goldstream/system';
import type { TrustedRelease } from '@goldstream/transfer';
import { describe, expect, it } from 'vitest';
import { layoutOf } from '../layout.ts';
import type { HeldSnapshot, RehydrateFacts, WantedSnapshot } from './facts.ts';
import { planRehydrate } from './plan-rehydrate.ts';

const layout = layoutOf('/', 'shop');
const MIB = 1024 * 1024;
const uuidOf = (version: Version) => `uuid of ${version}`;

const facts = (given: Partial<RehydrateFacts>): RehydrateFacts => ({
  layout,
  storeUrl: 'dir:/srv/releases',
  releases: ['v1.0.0', 'v1.1.0', 'v1.2.0'],
  wanted: [wanted('v1.0.0'), wanted('v1.1.0', 'v1.0.0'), wanted('v1.2.0', 'v1.1.0', 'v1.0.0')],
  held: [],
  golden: 'empty',
  unfinished: undefined,
  next: undefined,
  incoming: '.incoming-0123456789abcdef',
  ...given,
});

describe('the plan of rehydrate', () => {
  it('takes the oldest release in full, each further one as what differs, and golden from the newest', () => {
    expect(renderPlan(planRehydrate(facts({})))).toMatchInlineSnapshot(`
      "snapshots of v1.0.0, v1.1.0, v1.2.0:
        1. receive /var/lib/goldstream/shop/snapshots/v1.0.0: 64.0 MiB, full stream: the release offers no other
        2. receive /var/lib/goldstream/shop/snapshots/v1.1.0: 1.0 MiB, incremental from v1.0.0, which this host holds
        3. receive /var/lib/goldstream/shop/snapshots/v1.2.0: 1.0 MiB, incremental from v1.1.0, which this host holds
        4. make /var/lib/goldstream/shop/.golden-next, a writable snapshot of /var/lib/goldstream/shop/snapshots/v1.2.0
        5. make it /var/lib/goldstream/shop/golden, which nobody has used yet
      "
    `);
  });

  it('builds on what is here, and leaves a golden alone that is in use', () => {
    const here = held('v1.0.0');
    const { steps, notes } = planRehydrate(
      facts({
        wanted: [{ ...wanted('v1.0.0'), here }, wanted('v1.1.0', 'v1.0.0')],
        held: [here],
        golden: 'in-use',
      }),
    );
    expect(steps).toMatchObject([{ kind: 'receive-snapshot', parent: { version: 'v1.0.0', path: here.path } }]);
    expect(notes).toEqual([`${here.path} is here already`]);
  });

  it('has nothing to do when all is here', () => {
    const here = held('v1.0.0');
    const given = { wanted: [{ ...wanted('v1.0.0'), here }], held: [here], golden: 'in-use' as const };
    expect(planRehydrate(facts(given)).steps).toEqual([]);
    expect(planRehydrate(facts({ wanted: [] })).steps).toEqual([]);
  });

  it('refuses a version that is another one here', () => {
    const here = { ...held('v1.0.0'), uuid: 'another' };
    expect(() => planRehydrate(facts({ wanted: [{ ...wanted('v1.0.0'), here }] }))).toThrowError(
      expect.objectContaining({ code: 'BUILDER_SNAPSHOT_REPLACED' }),
    );
  });

  it('refuses releases that only offer what differs from one that is not here', () => {
    const { release } = wanted('v1.1.0', 'v1.0.0');
    const streams = release.manifest.streams.filter(({ kind }) => kind === 'incremental');
    const given = { release: { ...release, manifest: { ...release.manifest, streams } }, here: undefined };
    expect(() => planRehydrate(facts({ wanted: [given] }))).toThrowError(
      expect.objectContaining({ code: 'RELEASE_NO_STREAM' }),
    );
  });
});

describe('the plan of rehydrate after an interrupted one', () => {
  const here = held('v1.0.0');
  const given = { wanted: [{ ...wanted('v1.0.0'), here }], held: [here] };
  const next = subvolume({ path: layout.goldenNext, parentUuid: here.subvolumeUuid });

  it('removes what was half received', () => {
    const unfinished = subvolume({ path: layout.incomingSnapshot('.incoming-ffffffffffffffff'), uuid: 'half' });
    expect(planRehydrate(facts({ unfinished })).steps[0]).toMatchObject({ kind: 'remove-remains', uuid: 'half' });
  });

  it('makes what golden becomes anew while golden is there', () => {
    const { steps } = planRehydrate(facts({ ...given, next }));
    expect(steps.map(({ kind }) => kind)).toEqual(['remove-remains', 'snapshot-for-golden', 'become-golden']);
  });

  it('lets it become golden when golden is gone already', () => {
    const { steps } = planRehydrate(facts({ ...given, next, golden: 'missing' }));
    expect(steps.map(({ kind }) => kind)).toEqual(['become-golden']);
  });

  it.each([
    ['a snapshot of something else', { parentUuid: 'another' }],
    ['read-only', { readonly: true }],
  ])('refuses what has that name and is %s', (_, differing) => {
    expect(() => planRehydrate(facts({ ...given, next: { ...next, ...differing } }))).toThrowError(
      expect.objectContaining({ code: 'BUILDER_POOL_BLOCKED' }),
    );
  });
});

function wanted(version: Version, ...parents: readonly Version[]): WantedSnapshot {
  const streams = [full(version), ...parents.map((parent, index) => incremental(version, parent, index + 1))];
  const snapshot = { name: version, uuid: uuidOf(version) };
  // Of a release, the plan looks at nothing else.
  return { release: { manifest: { version, snapshot, streams } } as unknown as TrustedRelease, here: undefined };
}

function held(version: Version): HeldSnapshot {
  return { version, uuid: uuidOf(version), path: layout.snapshot(version), subvolumeUuid: `here of ${version}` };
}

function full(version: Version): StreamEntry {
  return { kind: 'full', ...body(`${version}.full`, 64 * MIB) };
}

function incremental(version: Version, parent: Version, mib: number): IncrementalStream {
  const named = { version: parent, uuid: uuidOf(parent) };
  return { kind: 'incremental', parent: named, ...body(`${version}.from-${parent}`, mib * MIB) };
}

function body(name: string, bytes: number) {
  const assets = [{ name, bytes, sha256: '', chunks: [] }];
  return { protocol: 1, encoding: 'zstd' as const, rawBytes: bytes, rawSha256: '', assets };
}

function subvolume(given: Partial<SubvolumeFacts>): SubvolumeFacts {
  return {
    path: '',
    uuid: 'left over',
    parentUuid: undefined,
    receivedUuid: undefined,
    id: 300,
    generation: 9,
    generationAtCreation: 7,
    readonly: false,
    sendTransid: undefined,
    ...given,
  };
}
