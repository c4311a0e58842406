import { CHANNEL_FORMAT_VERSION, type Channel, type ChannelRelease, type Rollout } from './channel.ts';
import { renderTime } from './document-time.ts';
import { ReleaseError } from './error.ts';
import type { KeysPointer } from './keys-pointer.ts';
import { compareVersions, type Version } from './version.ts';

/** How long a channel is believed unless it says otherwise. */
export const CHANNEL_DAYS = 30;

/** When a channel is signed, and for how long it is to be believed. */
export interface Issue {
  readonly now: Date;
  /** Default {@link CHANNEL_DAYS}; at most 366. */
  readonly days?: number | undefined;
}

/** How a release becomes the current one. */
export interface Advance extends Issue {
  /** Without it, for all hosts at once. */
  readonly rollout?: Rollout | undefined;
  /** Makes the release a barrier, for this reason. */
  readonly barrier?: string | undefined;
  /** Allows a release older than the current one, for this reason. */
  readonly downgrade?: string | undefined;
}

/** A channel that was never signed before. */
export interface NewChannel {
  readonly application: string;
  readonly channel: string;
  readonly release: ChannelRelease;
  /** The newest keys document, where there is one. */
  readonly keys?: KeysPointer | undefined;
}

/** The first channel of this name: sequence 1. */
export function openChannel({ application, channel, release, keys }: NewChannel, advance: Advance): Channel {
  const { version } = release;
  return {
    formatVersion: CHANNEL_FORMAT_VERSION,
    application,
    channel,
    epoch: 0,
    sequence: 1,
    ...validity(advance),
    current: version,
    rollout: advance.rollout,
    releases: [release],
    barriers: advance.barrier === undefined ? [] : [{ version, reason: advance.barrier }],
    withdrawn: [],
    keys,
  };
}

/**
 * The channel with another current release; the one before stays offered. Going back needs a reason, which stays in the
 * channel until its current release is past the one that was left.
 *
 * @throws ReleaseError `RELEASE_CHANNEL_CONFLICT`, `RELEASE_CLOCK_BEHIND`
 */
export function setCurrent(channel: Channel, release: ChannelRelease, advance: Advance): Channel {
  const { version } = release;
  checkRelease(channel, release);
  const { barriers } = channel;
  return {
    ...reissue(channel, advance),
    current: version,
    rollout: advance.rollout,
    releases: insert(channel.releases, release),
    barriers: advance.barrier === undefined ? barriers : insert(barriers, { version, reason: advance.barrier }),
    downgrade: downgradeTo(channel, version, advance.downgrade),
  };
}

/**
 * The channel without a release that turned out to be bad; hosts that have it keep it.
 *
 * @throws ReleaseError `RELEASE_CHANNEL_CONFLICT` for the current release, `RELEASE_CLOCK_BEHIND`
 */
export function withdraw(channel: Channel, version: Version, reason: string, issue: Issue): Channel {
  releaseOf(channel, version);
  if (version === channel.current) {
    throw conflict(`${version} is the current release of ${channel.channel}`, 'Set another current release first.');
  }
  return {
    ...reissue(channel, issue),
    releases: channel.releases.filter((entry) => entry.version !== version),
    barriers: channel.barriers.filter((entry) => entry.version !== version),
    withdrawn: insert(channel.withdrawn, { version, reason }),
  };
}

/**
 * The same channel, issued now: for a scheduled job, well before it expires.
 *
 * @throws ReleaseError `RELEASE_CLOCK_BEHIND`
 */
export function renew(channel: Channel, issue: Issue): Channel {
  return reissue(channel, issue);
}

/**
 * The same channel, naming the newest keys document. `newEpoch` restarts the sequence: the way back after a wrong huge
 * one, or after a key was in foreign hands. Each keys document allows one new epoch.
 *
 * @throws ReleaseError `RELEASE_CHANNEL_CONFLICT`, `RELEASE_CLOCK_BEHIND`
 */
export function announceKeys(channel: Channel, keys: KeysPointer, issue: Issue & { newEpoch?: boolean }): Channel {
  const known = channel.keys?.number ?? 0;
  if (keys.number < known) throw conflict(`keys document ${keys.number} is older than ${known}, which it names`);
  if (!issue.newEpoch) return { ...reissue(channel, issue), keys };
  if (keys.number <= channel.epoch) {
    throw conflict(
      `epoch ${channel.epoch} needs a keys document above it`,
      'Make one: `goldstream-builder keys rotate`.',
    );
  }
  return { ...channel, ...validity(issue), epoch: keys.number, sequence: 1, keys };
}

function reissue(channel: Channel, issue: Issue): Channel {
  const { issued, expires } = validity(issue);
  if (Date.parse(issued) < Date.parse(channel.issued)) {
    throw new ReleaseError(
      'RELEASE_CLOCK_BEHIND',
      `the clock says ${issued}, the channel was issued at ${channel.issued}`,
      {
        hint: 'Set the clock of this machine.',
      },
    );
  }
  return { ...channel, sequence: channel.sequence + 1, issued, expires };
}

function validity({ now, days = CHANNEL_DAYS }: Issue): { issued: string; expires: string } {
  return { issued: renderTime(now), expires: renderTime(new Date(now.getTime() + days * 86_400_000)) };
}

/** Refuses what was withdrawn, or is offered with another manifest. */
export function checkRelease(channel: Channel, { version, manifestSha256 }: ChannelRelease): void {
  const named = channel.releases.find((entry) => entry.version === version);
  if (named && named.manifestSha256 !== manifestSha256) {
    throw conflict(
      `${version} is offered with manifest ${named.manifestSha256}, found ${manifestSha256}`,
      'A release never changes: choose the next version.',
    );
  }
  const gone = channel.withdrawn.find((entry) => entry.version === version);
  if (gone) throw conflict(`${version} was withdrawn: ${gone.reason}`, 'Choose another version.');
}

function downgradeTo({ current, downgrade }: Channel, version: Version, reason: string | undefined) {
  const back = compareVersions(version, current) < 0;
  if (back && reason === undefined) {
    throw conflict(
      `${version} is older than ${current}, the current release`,
      'Give a reason for the downgrade if it is meant.',
    );
  }
  if (back && reason !== undefined) return { from: downgrade?.from ?? current, reason };
  return downgrade && compareVersions(version, downgrade.from) < 0 ? downgrade : undefined;
}

/** The release as the channel offers it. */
export function releaseOf(channel: Channel, version: Version): ChannelRelease {
  const release = channel.releases.find((entry) => entry.version === version);
  if (release) return release;
  throw conflict(`${channel.channel} does not offer ${version}`, 'Name one that `channel show` lists.');
}

/** The list with the entry in the place of its version. */
export function insert<T extends { readonly version: Version }>(list: readonly T[], entry: T): readonly T[] {
  const others = list.filter(({ version }) => version !== entry.version);
  return [...others, entry].sort((a, b) => compareVersions(a.version, b.version));
}

/** Says that the channel cannot be changed so. */
export function conflict(problem: string, hint?: string): ReleaseError {
  return new ReleaseError('RELEASE_CHANNEL_CONFLICT', problem, { hint });
}
