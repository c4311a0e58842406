import type { KeysPointer } from './keys-pointer.ts';
import type { Sha256 } from './sha256.ts';
import type { Version } from './version.ts';

/** The format that this program writes. It reads every 1.x. */
export const FORMAT_VERSION = '1.0';

/** Bytes of every chunk of an asset but its last. */
export const CHUNK_BYTES = 4_194_304;

/** No asset may be as large as this: GitHub's limit for one file. */
export const ASSET_BYTES_LIMIT = 2 ** 31;

/** What a release is: everything a host has to know before it takes a byte of it. */
export interface ReleaseManifest {
  /** `MAJOR.MINOR`. A minor version only adds fields that may be ignored. */
  readonly formatVersion: string;
  readonly application: string;
  readonly version: Version;
  /** When the release was made: ISO 8601, UTC, ends in `Z`. */
  readonly created: string;
  /** What the programs inside run on, as `uname -m` or Debian names it. */
  readonly architecture: string;
  readonly snapshot: Snapshot;
  readonly chunkBytes: typeof CHUNK_BYTES;
  /** At most one full stream, and at most one incremental for each parent. */
  readonly streams: readonly StreamEntry[];
  readonly components: readonly ReleasedComponent[];
  readonly requires: Requirements;
  readonly policy: PolicyRequest;
  /** Versions that a host must have run before it may take this one. */
  readonly barriers: readonly Version[];
  /** The newest keys document when the release was made, so that a store cannot withhold it. */
  readonly keys?: KeysPointer | undefined;
}

/** The snapshot as the published streams' first command names it, and what is in it. */
export interface Snapshot {
  readonly name: string;
  /** UUID on the builder; hosts know the snapshot by it as its *received UUID*. */
  readonly uuid: string;
  /** The transid in the stream; the sender's local number, compared with `stransid` only. */
  readonly transid: number;
  /** Apparent size of all regular files. */
  readonly bytes: number;
  readonly files: number;
  /** `sha256:` and the content digest over the sorted tree. */
  readonly contentDigest: string;
}

/** One way to get the snapshot: a send stream, compressed and cut into assets. */
export type StreamEntry = FullStream | IncrementalStream;

/** Brings the whole snapshot, needs nothing. */
export interface FullStream extends StreamBody {
  readonly kind: 'full';
}

/** Brings what differs from a parent, which the host must hold. */
export interface IncrementalStream extends StreamBody {
  readonly kind: 'incremental';
  readonly parent: Parent;
}

/** What the stream builds on. */
export interface Parent {
  readonly version: Version;
  /** The UUID that the parent's own manifest names. */
  readonly uuid: string;
}

interface StreamBody {
  /** Version of the send stream's protocol (`send.h`). */
  readonly protocol: number;
  readonly encoding: 'zstd';
  /** Size of the raw stream, before compression. */
  readonly rawBytes: number;
  readonly rawSha256: Sha256;
  /** The encoded stream is these, one after the other. */
  readonly assets: readonly AssetEntry[];
}

/** One published file. */
export interface AssetEntry {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: Sha256;
  /** SHA-256 of every chunk, in order. */
  readonly chunks: readonly Sha256[];
}

/** A component that the snapshot contains. */
export interface ReleasedComponent {
  readonly name: string;
  readonly version: string;
  readonly stage: number;
}

/** Lowest versions that the host needs, such as `6.0` or `5.19.1`. */
export interface Requirements {
  readonly kernel?: string | undefined;
  readonly btrfsProgs?: string | undefined;
  readonly receiver?: string | undefined;
}

/** What the release asks to be allowed beyond the usual; the host decides. Paths are relative to the snapshot. */
export interface PolicyRequest {
  /** Files with set-uid or set-gid bits. */
  readonly setuid: readonly string[];
  /** Files with `security.capability`. */
  readonly capabilities: readonly string[];
  /** Device nodes. */
  readonly devices: readonly string[];
  /** Names of extended attributes beyond `user.*`, ACLs and `btrfs.*`. */
  readonly xattrs: readonly string[];
}
