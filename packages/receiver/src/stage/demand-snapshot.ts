import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import type { Pinnable, PinWish } from '../pin/plan-pin.ts';
import { gatherStaging } from './facts.ts';

/**
 * The snapshots that can be pinned. One that is gone can still be unpinned.
 * @throws ReceiverError `STAGE_NO_SNAPSHOT` for one that is not here: there is nothing to keep
 */
export async function demandSnapshot(tools: Tools, { version: name, remove }: PinWish): Promise<Pinnable> {
  const { snapshots, pins } = await gatherStaging(tools);
  const present = snapshots.map((snapshot) => snapshot.name);
  if (remove || present.includes(name)) return { present, pins };
  throw new ReceiverError('STAGE_NO_SNAPSHOT', `${name} is not on this host, so it cannot be kept`, {
    hint: 'Look at `goldstream-receiver stage snapshots`.',
  });
}
