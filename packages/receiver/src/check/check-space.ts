import { formatBytes } from '@goldstream/cli';
import { type Room, roomOf, spaceOf } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';
import { readOnly } from '../space/demand-space.ts';
import type { Check } from './run-checks.ts';

/** Below this much room an upgrade of any size is at risk. Bytes. */
const LITTLE_ROOM = 512 * 1024 * 1024;
/** Below this much metadata nothing can be made. Bytes. */
const LITTLE_METADATA = 16 * 1024 * 1024;

/** Whether the pool, and what lies below it, can take another version. @throws ReceiverError `SPACE_READ_ONLY` */
export async function checkSpace({ runner, layout }: Tools): Promise<string | Omit<Check, 'name'>> {
  await demandPrepared(layout);
  const [room, { free, total }] = await Promise.all([roomOf(runner, layout.pool), spaceOf(runner, layout.pool)]);
  if (room.readOnly) throw readOnly(layout.pool);
  return judgeRoom(room, { free, total });
}

/** Pure. `free` and `total` are what `status` tells. */
export function judgeRoom(
  room: Room,
  { free, total }: { readonly free: number; readonly total: number },
): string | Omit<Check, 'name'> {
  const { below, quotas, metadata, unallocated } = room;
  const found = `${formatBytes(free)} of ${formatBytes(total)} free`;
  const warn = (says: string, hint: string) => ({ verdict: 'warn' as const, found: `${found}, ${says}`, hint });
  if (below !== undefined && below.free < Math.min(below.promised, free)) {
    const says = `but the host has only ${formatBytes(below.free)} for ${below.image}`;
    return warn(says, 'Free space on the host: writing would fail although the pool has room.');
  }
  const [tightest] = quotas;
  if (tightest !== undefined && tightest.free < LITTLE_ROOM) {
    const says = `but quota group ${tightest.group} lets only ${formatBytes(tightest.free)} in`;
    return warn(says, 'Raise its limit with `btrfs qgroup limit`.');
  }
  const forMetadata = metadata.free + unallocated / metadata.ratio;
  if (forMetadata < LITTLE_METADATA) {
    const says = `but only ${formatBytes(Math.floor(forMetadata))} for metadata`;
    return warn(says, 'Free some with `goldstream-receiver prune`, or make the pool larger.');
  }
  if (free >= LITTLE_ROOM) return found;
  return { verdict: 'warn', found, hint: 'Free some with `goldstream-receiver prune`.' };
}
