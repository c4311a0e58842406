import type { ReleaseManifest, StreamEntry } from '@goldstream/release';
import { type GuardExpectation, type StreamHead, UNSEEN_PARENT } from '@goldstream/send-stream';
import { BuilderError } from '../error.ts';
import type { AnnouncedStream } from './find-streams.ts';

/** What a person says of a stream that the guard shall see. Left out: anything, but for the parent. */
export interface GuardWish {
  readonly name?: string | undefined;
  readonly uuid?: string | undefined;
  readonly transid?: number | undefined;
  /** Left out: a full stream is demanded. */
  readonly parentUuid?: string | undefined;
}

/** No parent is at hand here: whatever a command wants of it is taken to be there. */
const PARENT = { parent: UNSEEN_PARENT } as const;

/** What the guard demands where a person says it. */
export function wishedExpectation({ name, uuid, transid, parentUuid }: GuardWish): GuardExpectation {
  return { name, uuid, transid: transid === undefined ? undefined : BigInt(transid), parentUuid, ...PARENT };
}

/** What the guard demands of a stream of a release, on a host that allows all that the manifest asks for. */
export function announcedExpectation({ manifest, stream }: AnnouncedStream): GuardExpectation {
  const { snapshot, policy } = manifest;
  return {
    name: snapshot.name,
    uuid: snapshot.uuid,
    transid: BigInt(snapshot.transid),
    ...(stream.kind === 'full' ? {} : { parentUuid: stream.parent.uuid, ...PARENT }),
    policy,
    maxBytes: stream.rawBytes,
    maxFiles: snapshot.files,
    maxFileBytes: snapshot.bytes,
  };
}

/** The stream of a manifest that this one claims to be. @throws BuilderError `BUILDER_NOT_OF_RELEASE` */
export function claimedStream(manifest: ReleaseManifest, { kind, parent }: StreamHead): AnnouncedStream {
  const parentOf = (stream: StreamEntry) => (stream.kind === 'full' ? undefined : stream.parent.uuid);
  const stream = manifest.streams.find((one) => parentOf(one) === parent?.uuid);
  if (stream !== undefined) return { manifest, stream };
  const found = kind === 'full' ? 'a full stream' : `an incremental stream on ${parent?.uuid}`;
  throw new BuilderError('BUILDER_NOT_OF_RELEASE', `this is ${found}, and ${manifest.version} offers none`, {
    hint: 'Name the manifest of the release that the stream belongs to.',
  });
}
