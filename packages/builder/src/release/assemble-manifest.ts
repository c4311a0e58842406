import type { GoldenPolicy } from '@goldstream/component';
import {
  CHUNK_BYTES,
  FORMAT_VERSION,
  type KeysPointer,
  type ReleaseManifest,
  type StreamEntry,
  type Version,
} from '@goldstream/release';
import type { SnapshotRecord, StreamRecord } from '../state/records.ts';

/** What a manifest is made of. */
export interface ManifestParts {
  readonly application: string;
  readonly version: Version;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly architecture: string;
  readonly snapshot: SnapshotRecord;
  /** The snapshot as its streams' first command names it. */
  readonly sent: StreamRecord['snapshot'];
  readonly streams: readonly StreamEntry[];
  /** What the recipe asks hosts to allow. */
  readonly policy: GoldenPolicy;
  /** The newest keys document. */
  readonly keys: KeysPointer | undefined;
}

/** The release manifest of a version. */
export function assembleManifest(parts: ManifestParts): ReleaseManifest {
  const { application, version, created, architecture, snapshot, sent, streams, policy, keys } = parts;
  const { bytes, files, contentDigest, components } = snapshot;
  return {
    formatVersion: FORMAT_VERSION,
    application,
    version,
    created,
    architecture,
    snapshot: { ...sent, bytes, files, contentDigest },
    chunkBytes: CHUNK_BYTES,
    streams,
    components,
    // An overlay takes every mount option of a deployment from 5.10 on; a received UUID survives `ro` from 5.14.2 on.
    requires: { kernel: '5.10', btrfsProgs: '5.14.2', receiver: '0.1.0' },
    // The attributes that the content digest covers are those that the snapshot was made with.
    policy: { ...policy, xattrs: snapshot.extraXattrs },
    barriers: [],
    keys,
  };
}
