import { formatBytes } from '@goldstream/cli';
import type { Room } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import { type Freeable, hintOf } from './freeable.ts';
import type { SpaceNeed } from './need.ts';

/** Who needs room, and where. */
export interface Demand {
  /** `v1.3.0`, as in the message. */
  readonly what: string;
  readonly pool: string;
  readonly need: SpaceNeed;
}

/**
 * Refuses what does not fit, before anything is fetched: by data, by metadata, by both together, by a quota, or because
 * the filesystem below the pool's image has less than the image promises.
 * @throws ReceiverError `RECEIVE_NO_SPACE`, `SPACE_READ_ONLY`
 */
export function demandSpace(room: Room, { what, pool, need }: Demand, freeable: Freeable): void {
  if (room.readOnly) throw readOnly(pool);
  const lack = findLack(room, pool, need);
  if (lack === undefined) return;
  const { kind, needed, free, where } = lack;
  throw new ReceiverError(
    'RECEIVE_NO_SPACE',
    `${what} needs ${formatBytes(needed)} (${needed} bytes) of ${kind} in ${where}, free are ${formatBytes(free)} (${free} bytes)`,
    { hint: hintOf(lack, freeable) },
  );
}

/** What there is too little of. */
export interface Lack {
  readonly kind: 'data' | 'metadata' | 'data and metadata' | 'quota' | 'the host below';
  readonly needed: number;
  readonly free: number;
  /** A path, with what about it. */
  readonly where: string;
}

/** What there is too little of; undefined: it fits. Pure. */
export function findLack(room: Room, pool: string, need: SpaceNeed): Lack | undefined {
  const { data, metadata, unallocated, quotas, below } = room;
  const dataChunks = Math.max(0, need.data - data.free) * data.ratio;
  const metadataChunks = Math.max(0, need.metadata - metadata.free) * metadata.ratio;
  if (dataChunks > unallocated) {
    return { kind: 'data', needed: need.data, free: Math.floor(data.free + unallocated / data.ratio), where: pool };
  }
  if (metadataChunks > unallocated) {
    const free = Math.floor(metadata.free + unallocated / metadata.ratio);
    return { kind: 'metadata', needed: need.metadata, free, where: pool };
  }
  if (dataChunks + metadataChunks > unallocated) {
    const where = `what ${pool} has not allocated yet`;
    return { kind: 'data and metadata', needed: dataChunks + metadataChunks, free: unallocated, where };
  }
  const [tightest] = quotas;
  // A version is a subvolume of its own: only limits of groups hold for it, but records lie in the pool itself.
  const needed = tightest?.group.startsWith('0/') ? RECORDS : need.data + need.metadata;
  if (tightest !== undefined && tightest.free < needed) {
    const where = `quota group ${tightest.group} of ${pool} (limit ${formatBytes(tightest.limit)})`;
    return { kind: 'quota', needed, free: tightest.free, where };
  }
  if (below === undefined) return undefined;
  // What the image holds already may be written to without asking the host below.
  const written = Math.min(below.promised, need.data * data.ratio + need.metadata * metadata.ratio);
  if (written <= below.free) return undefined;
  const where = `the filesystem below ${below.image}, which promises ${formatBytes(below.promised)} more than it has taken`;
  return { kind: 'the host below', needed: written, free: below.free, where };
}

/** What records and the audit trail of one command take at most. */
const RECORDS = 1024 * 1024;

/** The pool takes no writes at all. */
export function readOnly(pool: string, cause?: unknown): ReceiverError {
  return new ReceiverError('SPACE_READ_ONLY', `${pool} is mounted read-only`, {
    cause,
    hint: `Look at \`dmesg\` and \`btrfs device stats ${pool}\`: Btrfs makes itself read-only when its disk fails. Then mount it again.`,
  });
}
