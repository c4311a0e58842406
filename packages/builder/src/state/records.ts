import { isVersion, type Version } from '@goldstream/release';
import * as z from 'zod';

const version = z.custom<Version>((value) => typeof value === 'string' && isVersion(value));
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const contentDigest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** What golden was when `golden update` had finished. */
export const goldenRecord = z.object({
  contentDigest,
  bytes: count,
  files: count,
  /** ISO 8601, UTC. */
  updated: z.string(),
});

/** What golden was when `golden update` had finished. */
export type GoldenRecord = z.infer<typeof goldenRecord>;

/** A snapshot that was proven: to be what `golden update` left, or to be a release that was received again. */
export const snapshotRecord = z.object({
  version,
  /** What streams call it: its own UUID, or the received one. */
  uuid: z.string(),
  /** Of a release that was received again: its own UUID here, and its last change as `btrfs send` numbers it. */
  received: z.object({ subvolumeUuid: z.string(), ctransid: count }).optional(),
  contentDigest,
  /** Apparent size of all regular files. */
  bytes: count,
  files: count,
  /** Names of extended attributes beyond the usual ones that the content digest covers. */
  extraXattrs: z.array(z.string()).default([]).readonly(),
  components: z.array(z.object({ name: z.string(), version: z.string(), stage: count })).readonly(),
  /** ISO 8601, UTC. */
  created: z.string(),
});

/** A snapshot that was proven. */
export type SnapshotRecord = z.infer<typeof snapshotRecord>;

/** The UUID that the subvolume has on this builder. */
export function subvolumeUuidOf({ uuid, received }: SnapshotRecord): string {
  return received?.subvolumeUuid ?? uuid;
}

const body = {
  protocol: count,
  encoding: z.literal('zstd'),
  rawBytes: count,
  rawSha256: sha256,
  assets: z
    .array(z.object({ name: z.string(), bytes: count, sha256, chunks: z.array(sha256).readonly() }))
    .min(1)
    .readonly(),
};

/** A stream whose assets are on disk whole. */
export const streamRecord = z.object({
  stream: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('full'), ...body }),
    z.object({ kind: z.literal('incremental'), parent: z.object({ version, uuid: z.string() }), ...body }),
  ]),
  /** What the stream's first command says of the snapshot. */
  snapshot: z.object({ name: z.string(), uuid: z.string(), transid: count }),
  level: z.int(),
  partSize: z.int(),
});

/** A stream whose assets are on disk whole. */
export type StreamRecord = z.infer<typeof streamRecord>;
