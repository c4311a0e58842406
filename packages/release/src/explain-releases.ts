import type { Channel } from './channel.ts';
import { hostPlace, rolloutShare } from './rollout.ts';
import { compareVersions, type Version } from './version.ts';

/** What decides beside the channel which release a host may take. */
export interface HostFacts {
  /** The active version, `undefined` on a host that has none yet. */
  readonly active: Version | undefined;
  /** As `machineIdFor` gives it; `undefined`: the host comes last, with the full share. */
  readonly machineId: string | undefined;
  /** The effective time, see `effectiveNow`. */
  readonly now: Date;
}

/** What a host may make of one release of the channel, and why: one line for `list`. */
export interface ReleaseExplanation {
  readonly version: Version;
  readonly kind: /** To be taken next. */
    | 'offered'
    /** What the host runs. */
    | 'active'
    /** The host's turn has not come. */
    | 'waiting'
    /** Another release must be taken first. */
    | 'behind-barrier'
    /** Older than what the host runs; going back is the operator's decision. */
    | 'older'
    /** Offered, and not what the channel leads to; can be asked for by name. */
    | 'passed-over'
    | 'withdrawn';
  readonly reason: string;
}

/** Where a host goes next, if anywhere. */
export type NextRelease =
  | { readonly kind: 'take'; readonly version: Version; readonly reason: string }
  | { readonly kind: 'stay'; readonly reason: string };

/**
 * The one release that a host should take next: the first barrier between what it runs and the current release, else
 * the current release once its turn in the rollout has come. A host without any version begins with the current one.
 */
export function nextRelease(channel: Channel, host: HostFacts): NextRelease {
  const explanations = explainReleases(channel, host);
  const offered = explanations.find(({ kind }) => kind === 'offered');
  if (offered) return { kind: 'take', version: offered.version, reason: offered.reason };
  const current = explanations.find(({ version }) => version === channel.current);
  return { kind: 'stay', reason: `${channel.current}: ${current?.reason ?? 'not offered'}` };
}

/** Every release that the channel names, newest first; at most one of them is `offered`. */
export function explainReleases(channel: Channel, host: HostFacts): readonly ReleaseExplanation[] {
  const barrier = firstBarrier(channel, host.active);
  const offered = channel.releases.map(({ version }) => ({ version, ...explain(channel, host, version, barrier) }));
  const withdrawn = channel.withdrawn.map(({ version, reason }) => {
    return { version, kind: 'withdrawn' as const, reason: `withdrawn: ${reason}` };
  });
  return [...offered, ...withdrawn].sort((a, b) => compareVersions(b.version, a.version));
}

/** The oldest barrier A < B < C between the active version and the current one; each barrier is taken in its turn. */
function firstBarrier({ barriers, current }: Channel, active: Version | undefined): Version | undefined {
  if (active === undefined) return undefined;
  return barriers.find(({ version }) => {
    return compareVersions(active, version) < 0 && compareVersions(version, current) < 0;
  })?.version;
}

type Explained = Omit<ReleaseExplanation, 'version'>;

function explain(channel: Channel, host: HostFacts, version: Version, barrier: Version | undefined): Explained {
  const { current, downgrade } = channel;
  if (version === host.active) return { kind: 'active', reason: 'active' };
  if (version === barrier) return { kind: 'offered', reason: `offered: a barrier before ${current}` };
  if (barrier !== undefined && compareVersions(version, barrier) > 0) {
    return { kind: 'behind-barrier', reason: `needs barrier ${barrier} first` };
  }
  const goesBack = host.active !== undefined && compareVersions(version, host.active) < 0;
  const mayGoBack = goesBack && version === current && covers(downgrade?.from, host.active);
  if (mayGoBack) return { kind: 'offered', reason: `offered: signed downgrade: ${downgrade?.reason}` };
  if (goesBack) return { kind: 'older', reason: `older than ${host.active}, which is active` };
  return version === current
    ? explainRollout(channel, host)
    : { kind: 'passed-over', reason: `not the current release, ${current}` };
}

function covers(from: Version | undefined, active: Version | undefined): boolean {
  return from !== undefined && active !== undefined && compareVersions(active, from) <= 0;
}

function explainRollout(channel: Channel, { active, machineId, now }: HostFacts): Explained {
  // A host that has nothing waits for nobody: it would be without a service.
  if (active === undefined) return { kind: 'offered', reason: 'offered: the first release of this host' };
  const { application, current: release } = channel;
  const share = rolloutShare(channel.rollout, now);
  if (share >= 1) return { kind: 'offered', reason: 'offered' };
  if (machineId === undefined) {
    return { kind: 'waiting', reason: `waiting for rollout (no machine id, share ${share.toFixed(2)} now)` };
  }
  const place = hostPlace({ application, channel: channel.channel, release, machineId });
  const numbers = `place ${place.toFixed(2)}, share ${share.toFixed(2)} now`;
  return place < share
    ? { kind: 'offered', reason: `offered: ${numbers}` }
    : { kind: 'waiting', reason: `waiting for rollout (${numbers})` };
}
