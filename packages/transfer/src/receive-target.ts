import type { PolicyRequest, ReleaseManifest, StreamEntry } from '@goldstream/release';
import type { GuardedStream } from './pump-job.ts';

/** Where a release's subvolume is made, and what its stream may bring. */
export interface ReceiveTarget {
  readonly manifest: ReleaseManifest;
  /** A directory on Btrfs that only root may enter. */
  readonly into: string;
  /** The name in `into` that the subvolume gets instead of the stream's own; default: the stream's own. */
  readonly as?: string | undefined;
  /** What the stream may bring beyond the usual: what the manifest asks for *and* the host allows. Default: nothing. */
  readonly policy?: PolicyRequest | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears of bytes that were handed on. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** A stream of the release, and the received snapshot that it builds on. */
export interface OfferedStream {
  readonly stream: StreamEntry;
  /** Directory of the parent on this host; needed for an incremental, and only there. */
  readonly parentDirectory?: string | undefined;
  /** What the parent's own stream was allowed to bring. */
  readonly parentPolicy?: PolicyRequest | undefined;
}

/** What the guard has to know of a stream, from the signed manifest. */
export function guardedStream(
  { manifest: { snapshot }, policy }: ReceiveTarget,
  { stream, parentDirectory, parentPolicy }: OfferedStream,
): GuardedStream {
  return {
    expectation: {
      name: snapshot.name,
      uuid: snapshot.uuid,
      transid: BigInt(snapshot.transid),
      ...(stream.kind === 'incremental' ? { parentUuid: stream.parent.uuid, parentPolicy } : {}),
      policy,
      maxBytes: stream.rawBytes,
      maxFiles: snapshot.files,
      maxFileBytes: snapshot.bytes,
    },
    parentDirectory,
  };
}
