import type { ReleaseManifest, StreamEntry } from '@goldstream/release';

/** What a receive writes, in bytes, each kind at most and before the profile's factor. */
export interface SpaceNeed {
  readonly data: number;
  readonly metadata: number;
}

/** A file's last block is half empty on average. Blocks of 4096 bytes. */
const TAIL = 2048;
/** Inode, names and extents of a small file, and the file itself, inline: 2.8 KiB were measured with 2 KiB of content. */
const METADATA_OF_NEW_FILE = 3 * 1024;
/** What a change of a file may copy of the parent's metadata: one leaf (`nodesize`). */
const METADATA_OF_CHANGED_FILE = 16 * 1024;
/** No file is changed by fewer bytes of stream: commands of 10 bytes with a path and at least one more attribute. */
const STREAM_OF_CHANGED_FILE = 64;
/** Checksums take 4 bytes of every 4096; extents about as much. */
const DATA_PER_METADATA = 512;
/** What chunks that are begun, and everybody else on the host, may take meanwhile. */
const MARGIN = { share: 0.03, data: 32 * 1024 * 1024, metadata: 4 * 1024 * 1024 };

/** What downloading so many bytes takes. */
export function needOfFiles(bytes: number): SpaceNeed {
  return { data: bytes, metadata: MARGIN.metadata + Math.ceil(bytes / DATA_PER_METADATA) };
}

/**
 * What receiving a stream takes of the pool. A full stream brings all contents; an incremental one at most as much as
 * it is long, because what it clones costs nothing. Whether the pool compresses is not counted on: contents may not
 * shrink. Protocol 2 carries compressed extents, which a receiver may have to write uncompressed.
 */
export function needOf({ snapshot }: Pick<ReleaseManifest, 'snapshot'>, stream: StreamEntry): SpaceNeed {
  const { kind, rawBytes, protocol } = stream;
  const content = protocol >= 2 ? snapshot.bytes : Math.min(rawBytes, snapshot.bytes);
  const files = kind === 'full' ? snapshot.files : Math.min(snapshot.files, rawBytes / STREAM_OF_CHANGED_FILE);
  const perFile = kind === 'full' ? METADATA_OF_NEW_FILE : METADATA_OF_CHANGED_FILE;
  const data = content + files * TAIL;
  return {
    data: Math.ceil(data * (1 + MARGIN.share)) + MARGIN.data,
    metadata: Math.ceil(files * perFile + data / DATA_PER_METADATA) + MARGIN.metadata,
  };
}
