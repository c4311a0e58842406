import { createHash } from 'node:crypto';
import type { Rollout } from './channel.ts';
import type { Version } from './version.ts';

/** What a host's place is drawn from. */
export interface PlaceOf {
  readonly application: string;
  readonly channel: string;
  readonly release: Version;
  /** As `machineIdFor` gives it. */
  readonly machineId: string;
}

/**
 * Where a host stands in the queue for a release: 0 to below 1, the first 8 bytes of SHA-256 over application, channel,
 * release and machine id, each followed by NUL, as a big-endian fraction. Another place for every release, so that no
 * host is always first; the same on every try, so that nobody can draw again.
 */
export function hostPlace({ application, channel, release, machineId }: PlaceOf): number {
  const text = [application, channel, release, machineId].map((word) => `${word}\0`).join('');
  const first = createHash('sha256').update(text).digest().readBigUInt64BE();
  // 53 bits are all that a double holds; more would round up to 1.
  return Number(first >> 11n) / 2 ** 53;
}

/** The share of hosts, 0 to 1, that a release is for at `now`; a host is among them while its place is below it. */
export function rolloutShare(rollout: Rollout | undefined, now: Date): number {
  if (rollout === undefined) return 1;
  const passed = (now.getTime() - Date.parse(rollout.start)) / 1000;
  if (passed < 0) return 0;
  const progress = rollout.seconds === 0 ? 1 : Math.min(passed / rollout.seconds, 1);
  return (rollout.percentage / 100) * progress;
}
