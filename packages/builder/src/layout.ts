import { join } from 'node:path';
import type { Version } from '@goldstream/release';

/** Every path of an application on a builder. All of them lie below `root`, which is `/` on a real one. */
export interface Layout {
  readonly application: string;
  /** The Btrfs pool: a directory on Btrfs, or the mount point of `image`. */
  readonly pool: string;
  /** Image of a loopback pool, where `init` made one. */
  readonly image: string;
  /** One builder at a time. Beside the pool, because `init` has to hold it before there is a pool. */
  readonly lock: string;
  /** The golden subvolume. */
  readonly golden: string;
  readonly snapshots: string;
  readonly streams: string;
  /** Records and the signing key; only root may enter. */
  readonly state: string;
  /** What golden becomes: a writable snapshot of a release. */
  readonly goldenNext: string;
  /** What `rehydrate` is receiving. */
  readonly unfinished: string;
  /** Where archives of a recipe are opened: on the pool, so that their files become golden's by reflink. */
  readonly scratch: string;
  readonly goldenRecord: string;
  /** What `golden update` left, one line a path. */
  readonly goldenListing: string;
  readonly gnupg: string;
  snapshot(version: Version): string;
  /** The same snapshot before it was proven. */
  unprovenSnapshot(version: Version): string;
  /** A release that is being received. */
  incomingSnapshot(name: string): string;
  snapshotRecord(version: Version): string;
  /** Directory with the assets of one version. */
  assets(version: Version): string;
  /** Record of the full stream, or of the incremental one on `parent`. */
  streamRecord(version: Version, parent?: Version): string;
  /** What the delta doctor found out about the incremental on `parent`. */
  deltaReport(version: Version, parent: Version): string;
}

/** The layout of an application below `root`. */
export function layoutOf(root: string, application: string): Layout {
  const base = join(root, 'var/lib/goldstream');
  const pool = join(base, application);
  const state = join(pool, 'state');
  const snapshots = join(pool, 'snapshots');
  const streams = join(pool, 'streams');
  return {
    application,
    pool,
    image: join(base, `${application}.btrfs`),
    lock: join(base, `${application}.lock`),
    golden: join(pool, 'golden'),
    goldenNext: join(pool, '.golden-next'),
    snapshots,
    streams,
    state,
    scratch: join(state, 'scratch'),
    unfinished: join(state, 'unfinished.json'),
    goldenRecord: join(state, 'golden.json'),
    goldenListing: join(state, 'golden.listing'),
    gnupg: join(state, 'gnupg'),
    snapshot: (version) => join(snapshots, version),
    unprovenSnapshot: (version) => join(snapshots, `.unproven-${version}`),
    incomingSnapshot: (name) => join(snapshots, name),
    snapshotRecord: (version) => join(state, 'snapshots', `${version}.json`),
    assets: (version) => join(streams, version),
    streamRecord: (version, parent) =>
      join(state, 'streams', version, parent === undefined ? 'full.json' : `from-${parent}.json`),
    deltaReport: (version, parent) => join(state, 'streams', version, `from-${parent}.delta.json`),
  };
}
