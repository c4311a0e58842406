import { assumeNow, ReleaseError, renderTime } from '@goldstream/release';
import type { KeptChannel } from './kept-channel.ts';

/**
 * Refuses to take anything new on the word of a channel that was accepted earlier and has expired since.
 * @throws ReleaseError `RELEASE_CHANNEL_EXPIRED`
 */
export function demandUnexpired({ channel, trust }: KeptChannel, clock: Date): void {
  const { now } = assumeNow(clock, trust);
  if (now.getTime() < Date.parse(channel.expires)) return;
  throw new ReleaseError(
    'RELEASE_CHANNEL_EXPIRED',
    `channel ${channel.channel} expired at ${channel.expires}, it is ${renderTime(now)}`,
    { hint: 'Name a store that has a newer one; what is here already stays usable.' },
  );
}
