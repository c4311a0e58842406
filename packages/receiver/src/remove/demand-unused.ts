import { isService } from '../deploy/plan-holders.ts';
import { ReceiverError } from '../error.ts';
import type { InPool, RemoveFacts } from './facts.ts';

/**
 * Refuses to begin where the end could not be reached: something else is mounted in the pool, or somebody who is not
 * stopped uses a deployment.
 * @param stops units that are stopped
 * @throws ReceiverError `REMOVE_IN_USE` naming them
 */
export function demandUnused(
  { layout: { live, pool } }: Pick<RemoveFacts, 'layout'>,
  { host, holders }: Pick<InPool, 'host' | 'holders'>,
  stops: readonly string[],
): void {
  const mounts = [...host.mounts.keys()].filter((at) => !at.startsWith(`${live}/`));
  if (mounts.length > 0) {
    throw new ReceiverError('REMOVE_IN_USE', `something else is mounted in ${pool}: ${mounts.join(', ')}`, {
      hint: 'Unmount it, then run the command again; nothing was changed.',
    });
  }
  const others = holders.filter(({ unit }) => !isService(unit) || !stops.includes(unit ?? ''));
  if (others.length === 0) return;
  const named = others.map(
    ({ pid, command, unit }) => `${command} (process ${pid}${unit === undefined ? '' : ` of ${unit}`})`,
  );
  throw new ReceiverError('REMOVE_IN_USE', `deployments are in use by ${named.join(', ')}`, {
    hint: 'End these processes, then run the command again; nothing was changed.',
  });
}
