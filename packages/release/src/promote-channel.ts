import type { Channel, ReasonedVersion } from './channel.ts';
import { type Advance, checkRelease, conflict, insert, releaseOf, setCurrent } from './edit-channel.ts';
import { compareVersions } from './version.ts';

/**
 * The current release of one channel becomes that of another. Nothing is copied but its name, its manifest's digest and
 * the barriers up to it.
 *
 * @throws ReleaseError `RELEASE_CHANNEL_CONFLICT`, `RELEASE_CLOCK_BEHIND`
 */
export function promote(from: Channel, to: Channel, advance: Advance): Channel {
  if (from.application !== to.application || from.channel === to.channel) {
    throw conflict(`${from.application} ${from.channel} cannot be promoted to ${to.application} ${to.channel}`);
  }
  const barriers = from.barriers.filter(({ version }) => {
    return compareVersions(to.current, version) < 0 && compareVersions(version, from.current) <= 0;
  });
  const withBarriers = barriers.reduce((channel, barrier) => addBarrier(channel, from, barrier), to);
  return setCurrent(withBarriers, releaseOf(from, from.current), advance);
}

function addBarrier(channel: Channel, from: Channel, barrier: ReasonedVersion): Channel {
  const release = releaseOf(from, barrier.version);
  checkRelease(channel, release);
  return {
    ...channel,
    releases: insert(channel.releases, release),
    barriers: insert(channel.barriers, barrier),
  };
}
