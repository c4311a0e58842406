import { join } from 'node:path';
import type { Version } from '@goldstream/release';
import type { SubvolumeUse } from '@goldstream/system';
import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../host/facts.ts';
import { layoutOf } from '../host/layout.ts';
import type { DeploymentRecord, ReceivedVersion } from '../state/records.ts';
import type { PruneFacts, UsedSubvolume } from './facts.ts';
import { planPrune } from './plan-prune.ts';

const layout = layoutOf('/', 'app');

/** A host with v1.0.0 to v6.0.0, deployment 5 active, 4 before it, 3 old. */
const deployments = [deployment(3, 'v3.0.0', 'good'), deployment(4, 'v4.0.0', 'good'), deployment(5, 'v5.0.0', 'good')];

describe('planPrune', () => {
  const base = { keep: 2 };
  it.each<[string, Partial<Case>, Record<string, string>, string[]]>([
    [
      'keeps the newest, what is active and what was before it, and removes the rest',
      {},
      {
        'v6.0.0': 'one of the 2 newest',
        'v5.0.0': 'active (deployment 0005), one of the 2 newest',
        'v4.0.0': 'previous (deployment 0004)',
      },
      ['v3.0.0', 'v2.0.0', 'v1.0.0'],
    ],
    ['keeps a pinned version however old it is', { pins: ['v1.0.0'] }, { 'v1.0.0': 'pinned' }, ['v3.0.0', 'v2.0.0']],
    [
      'keeps a parent of the newest release by its UUID, and by its name',
      {
        neededParents: {
          kind: 'known',
          by: 'v7.0.0',
          parents: [
            { version: 'v9.9.9', uuid: 'uuid of v1.0.0' },
            { version: 'v2.0.0', uuid: 'another' },
          ],
        },
      },
      { 'v1.0.0': 'parent of a stream of v7.0.0', 'v2.0.0': 'parent of a stream of v7.0.0' },
      ['v3.0.0'],
    ],
    [
      'keeps every version while nobody can tell which parents are needed',
      { neededParents: { kind: 'unknown', because: 'dir:/srv does not exist' } },
      { 'v1.0.0': 'perhaps a parent of an offered stream: dir:/srv does not exist' },
      [],
    ],
    [
      'keeps a version that somebody has open',
      { uses: { 'v1.0.0': { kind: 'process', process: 7, program: 'cat', by: 'descriptor' } } },
      { 'v1.0.0': 'process 7 (cat) has a file of it open' },
      ['v3.0.0', 'v2.0.0'],
    ],
    [
      'keeps a version that could be in use',
      { uses: { 'v1.0.0': { kind: 'unknown', says: 'process 9 cannot be looked into (EACCES)' } } },
      { 'v1.0.0': 'process 9 cannot be looked into (EACCES)' },
      ['v3.0.0', 'v2.0.0'],
    ],
    [
      'removes a version that only a deployment that goes has mounted',
      { uses: { 'v3.0.0': layerOf(layout.deployment(3).root) } },
      {},
      ['v3.0.0', 'v2.0.0', 'v1.0.0'],
    ],
    [
      'keeps a version under an overlay that is not ours',
      { uses: { 'v3.0.0': layerOf('/mnt') } },
      { 'v3.0.0': 'it is a layer of the overlay on /mnt' },
      ['v2.0.0', 'v1.0.0'],
    ],
    [
      'keeps a subvolume that is not the recorded one',
      { uuids: { 'v1.0.0': 'foreign' } },
      { 'v1.0.0': `${layout.version('v1.0.0')} is foreign, recorded is subvolume of v1.0.0` },
      ['v3.0.0', 'v2.0.0'],
    ],
    ['removes nothing from a host that has little', { deployments: [], versions: ['v1.0.0'] }, {}, []],
  ])('%s', (_, given, kept, deleted) => {
    const { notes = [], steps } = planPrune(facts({ ...base, ...given }));
    for (const [version, reason] of Object.entries(kept)) expect(notes).toContain(`keep ${version}: ${reason}`);
    expect(steps.flatMap((step) => (step.kind === 'delete-version' ? [step.version] : []))).toEqual(deleted);
    for (const version of deleted) expect(notes.join('\n')).not.toContain(`keep ${version}`);
  });

  it('takes staged, bad and old deployments away, unmounting the innermost mount first', () => {
    const { root, overlay } = layout.deployment(3);
    const staged = deployment(6, 'v6.0.0', 'staged');
    const { steps } = planPrune(
      facts({
        keep: 6,
        deployments: [deployment(1, 'v1.0.0', 'bad'), ...deployments, staged],
        mounts: [root, join(root, 'persist'), layout.deployment(4).root],
      }),
    );
    expect(steps).toMatchObject([
      { kind: 'intend', intent: { kind: 'pruning', deployments: [1, 3, 6], versions: [] } },
      { kind: 'remove-deployment', record: { number: 1, state: 'removed' } },
      {
        kind: 'remove-deployment',
        record: { number: 3 },
        mounts: [join(root, 'persist'), root],
        layers: [{ path: overlay, uuid: `subvolume of ${overlay}` }],
      },
      { kind: 'remove-deployment', record: { number: 6 } },
      { kind: 'conclude' },
      { kind: 'await-space', usedBytes: 1000 },
    ]);
  });
});

interface Case extends Pick<PruneFacts, 'keep' | 'neededParents'> {
  readonly deployments: readonly DeploymentRecord[];
  readonly versions: readonly Version[];
  readonly pins: readonly string[];
  readonly mounts: readonly string[];
  readonly uses: Readonly<Record<string, SubvolumeUse>>;
  readonly uuids: Readonly<Record<string, string>>;
}

function facts(given: Partial<Case>): PruneFacts {
  const all: Case = {
    keep: 3,
    neededParents: { kind: 'known', by: undefined, parents: [] },
    deployments,
    versions: ['v1.0.0', 'v2.0.0', 'v3.0.0', 'v4.0.0', 'v5.0.0', 'v6.0.0'],
    pins: [],
    mounts: [],
    uses: {},
    uuids: {},
    ...given,
  };
  const { keep, neededParents, versions, uses, uuids } = all;
  const subvolumes: UsedSubvolume[] = [
    ...versions.map((version) => {
      const use = uses[version];
      return {
        path: layout.version(version),
        uuid: uuids[version] ?? `subvolume of ${version}`,
        uses: use ? [use] : [],
      };
    }),
    ...all.deployments.map(({ number }) => {
      const { overlay } = layout.deployment(number);
      return { path: overlay, uuid: `subvolume of ${overlay}`, uses: [] };
    }),
  ];
  return {
    host: host(all),
    keep,
    neededParents,
    subvolumes: new Map(subvolumes.map((subvolume) => [subvolume.path, subvolume])),
    usedBytes: 1000,
  };
}

function host({ deployments: all, versions, pins, mounts }: Case): HostFacts {
  return {
    layout,
    pending: undefined,
    current: undefined,
    active: all.find(({ number }) => number === 5),
    deployments: all,
    nextNumber: 7,
    records: new Map(versions.map((version) => [version, received(version)])),
    present: versions,
    pins: new Set(pins),
    blocked: new Map(),
    // Of a mount, only where it is matters here.
    mounts: new Map(mounts.map((mountPoint) => [mountPoint, { mountPoint }])) as unknown as HostFacts['mounts'],
  };
}

function received(version: Version): ReceivedVersion {
  return {
    status: 'received',
    version,
    at: '2026-01-01T00:00:00Z',
    uuid: `uuid of ${version}`,
    transid: 1,
    hostCtransid: 1,
    subvolumeUuid: `subvolume of ${version}`,
    how: 'full',
    signers: [],
  };
}

function deployment(number: number, version: Version, state: DeploymentRecord['state']): DeploymentRecord {
  const previous = number === 5 ? { previous: 4 } : {};
  return { number, version, state, createdAt: '2026-01-01T00:00:00Z', ...previous, placed: [], enabled: [] };
}

function layerOf(mountPoint: string): SubvolumeUse {
  return { kind: 'layer', mountPoint, process: 1, own: true };
}
