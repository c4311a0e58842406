import { formatBytes } from '@goldstream/cli';
import type { Plan } from '@goldstream/plan';
import { chooseStream, type StreamEntry, type Version } from '@goldstream/release';
import type { SubvolumeFacts } from '@goldstream/system';
import type { TrustedRelease } from '@goldstream/transfer';
import { BuilderError } from '../error.ts';
import type { HeldSnapshot, RehydrateFacts, WantedSnapshot } from './facts.ts';

/** What `rehydrate` can do. */
export type RehydrateStep =
  | { kind: 'remove-remains'; says: string; path: string; uuid: string }
  | {
      kind: 'receive-snapshot';
      says: string;
      release: TrustedRelease;
      stream: StreamEntry;
      /** What the stream builds on; undefined for a full one. */
      parent: { readonly version: Version; readonly path: string } | undefined;
      storeUrl: string;
      /** Its name until it is proven and recorded; no subvolume ever had it. */
      incoming: string;
      path: string;
    }
  | {
      kind: 'snapshot-for-golden';
      says: string;
      /** The snapshot of a version. */
      from: string;
      /** A writable snapshot of it. */
      next: string;
    }
  | {
      kind: 'become-golden';
      says: string;
      next: string;
      /** Replaced, when it is there and empty. */
      golden: string;
    };

/**
 * The oldest release in full, and each further one as what differs from one that is here by then: such snapshots share
 * what their versions share, so that the next incremental is as small as the change. Two full streams share nothing.
 *
 * A golden that nobody has used yet becomes a writable snapshot of the newest one, for the same reason.
 *
 * @throws BuilderError `BUILDER_SNAPSHOT_REPLACED` when a version here is another one than the store's,
 * `BUILDER_POOL_BLOCKED`; ReleaseError `RELEASE_NO_STREAM`
 */
export function planRehydrate(facts: RehydrateFacts): Plan<RehydrateStep> {
  const { wanted, storeUrl } = facts;
  for (const one of wanted) refuseOther(one, storeUrl);
  const names = wanted.map(({ release }) => release.manifest.version);
  return {
    goal: names.length === 0 ? `no snapshot: ${storeUrl} has no release` : `snapshots of ${names.join(', ')}`,
    notes: wanted.flatMap(({ here }) => (here === undefined ? [] : [`${here.path} is here already`])),
    steps: [...remainsSteps(facts), ...receiveSteps(facts), ...goldenSteps(facts)],
  };
}

function refuseOther({ release, here }: WantedSnapshot, storeUrl: string): void {
  const { version, snapshot } = release.manifest;
  if (here === undefined || here.uuid === snapshot.uuid) return;
  throw new BuilderError(
    'BUILDER_SNAPSHOT_REPLACED',
    `${here.path} has UUID ${here.uuid}, ${version} in ${storeUrl} is of ${snapshot.uuid}`,
    { hint: 'Move the snapshot here and its record away, or name the versions that are wanted.' },
  );
}

function remainsSteps({ unfinished, next, golden, held }: RehydrateFacts): readonly RehydrateStep[] {
  const remains = unfinished === undefined ? [] : [unfinished];
  if (next !== undefined && golden !== 'in-use') {
    demandOurs(next, held);
    // With golden gone, it is what golden becomes.
    if (golden === 'empty') remains.push(next);
  }
  return remains.map(({ path, uuid }) => ({
    kind: 'remove-remains',
    says: `remove ${path}, which an interrupted run left`,
    path,
    uuid,
  }));
}

function demandOurs({ path, readonly, parentUuid }: SubvolumeFacts, held: readonly HeldSnapshot[]): void {
  if (!readonly && held.some(({ subvolumeUuid }) => subvolumeUuid === parentUuid)) return;
  throw new BuilderError('BUILDER_POOL_BLOCKED', `${path} is no writable snapshot of a release, so it is not ours`, {
    hint: 'Move it away.',
  });
}

function receiveSteps({ wanted, held: heldBefore, layout, storeUrl, incoming }: RehydrateFacts): RehydrateStep[] {
  const held: Pick<HeldSnapshot, 'version' | 'uuid' | 'path'>[] = [...heldBefore];
  return wanted.flatMap(({ release, here }): RehydrateStep[] => {
    if (here !== undefined) return [];
    const { version, snapshot } = release.manifest;
    const { stream, bytes, reason } = chooseStream(release.manifest, held);
    const path = layout.snapshot(version);
    const parent = stream.kind === 'full' ? undefined : held.find(({ uuid }) => uuid === stream.parent.uuid);
    held.push({ version, uuid: snapshot.uuid, path });
    return [
      {
        kind: 'receive-snapshot',
        says: `receive ${path}: ${formatBytes(bytes)}, ${reason}`,
        release,
        stream,
        parent: parent && { version: parent.version, path: parent.path },
        storeUrl,
        incoming: layout.incomingSnapshot(incoming),
        path,
      },
    ];
  });
}

function goldenSteps({ golden, next, wanted, layout }: RehydrateFacts): readonly RehydrateStep[] {
  const newest = wanted.at(-1)?.release.manifest.version;
  if (golden === 'in-use' || newest === undefined) return [];
  const from = layout.snapshot(newest);
  const become: RehydrateStep = {
    kind: 'become-golden',
    says: `make it ${layout.golden}, which nobody has used yet`,
    next: layout.goldenNext,
    golden: layout.golden,
  };
  if (golden === 'missing' && next !== undefined) return [become];
  return [
    {
      kind: 'snapshot-for-golden',
      says: `make ${layout.goldenNext}, a writable snapshot of ${from}`,
      from,
      next: layout.goldenNext,
    },
    become,
  ];
}
