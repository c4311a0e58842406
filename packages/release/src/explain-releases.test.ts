import { describe, expect, it } from 'vitest';
import type { Channel } from './channel.ts';
import { openChannel, setCurrent, withdraw } from './edit-channel.ts';
import { explainReleases, type HostFacts, nextRelease } from './explain-releases.ts';
import type { Version } from './version.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const MACHINE = '321ba56856984b7c9ca5c0496181c0d8';
const release = (version: Version) => ({ version, manifestSha256: '1'.repeat(64) });

/** v1.0.0, v1.1.0 (withdrawn), barriers v1.2.0 and v1.4.0, v1.5.0, current v1.6.0. */
const channel = build();
function build(): Channel {
  const barriers: readonly Version[] = ['v1.2.0', 'v1.4.0'];
  const versions: readonly Version[] = ['v1.1.0', 'v1.2.0', 'v1.4.0', 'v1.5.0', 'v1.6.0'];
  const first = openChannel({ application: 'op-dbus', channel: 'stable', release: release('v1.0.0') }, { now: NOW });
  const last = versions.reduce((before, version) => {
    return setCurrent(before, release(version), { now: NOW, barrier: barriers.includes(version) ? 'why' : undefined });
  }, first);
  return withdraw(last, 'v1.1.0', 'loses settings', { now: NOW });
}

const host = (active: Version | undefined, more: Partial<HostFacts> = {}): HostFacts => ({
  active,
  machineId: MACHINE,
  now: NOW,
  ...more,
});
const lines = (some: Channel, facts: HostFacts) =>
  explainReleases(some, facts).map(({ version, reason }) => `${version} ${reason}`);

describe('nextRelease', () => {
  it('leads through every barrier in its turn', () => {
    const path: Version[] = ['v1.0.0'];
    for (;;) {
      const next = nextRelease(channel, host(path.at(-1)));
      if (next.kind === 'stay') break;
      path.push(next.version);
    }
    expect(path).toEqual(['v1.0.0', 'v1.2.0', 'v1.4.0', 'v1.6.0']);
  });

  it('leads a host that runs something withdrawn, or unknown, on', () => {
    expect(nextRelease(channel, host('v1.1.0'))).toMatchObject({ kind: 'take', version: 'v1.2.0' });
    expect(nextRelease(channel, host('v1.4.1'))).toMatchObject({ kind: 'take', version: 'v1.6.0' });
  });

  it('begins a host that has nothing with the current release, whatever the rollout', () => {
    const slow = { ...channel, rollout: { start: '2027-01-01T00:00:00Z', seconds: 0, percentage: 0 } };
    expect(nextRelease(slow, host(undefined))).toMatchObject({ kind: 'take', version: 'v1.6.0' });
  });

  it('stays where the host is current, or past it', () => {
    expect(nextRelease(channel, host('v1.6.0'))).toEqual({ kind: 'stay', reason: 'v1.6.0: active' });
    expect(nextRelease(channel, host('v1.7.0'))).toEqual({
      kind: 'stay',
      reason: 'v1.6.0: older than v1.7.0, which is active',
    });
  });

  it('goes back where a signed downgrade covers what the host runs, and no further', () => {
    const back = { ...channel, downgrade: { from: 'v1.7.0' as const, reason: 'it burns' } };
    expect(nextRelease(back, host('v1.7.0'))).toEqual({
      kind: 'take',
      version: 'v1.6.0',
      reason: 'offered: signed downgrade: it burns',
    });
    expect(nextRelease(back, host('v1.8.0'))).toMatchObject({ kind: 'stay' });
  });
});

describe('explainReleases', () => {
  it('says of each release why it is or is not offered', () => {
    expect(lines(channel, host('v1.2.0'))).toEqual([
      'v1.6.0 needs barrier v1.4.0 first',
      'v1.5.0 needs barrier v1.4.0 first',
      'v1.4.0 offered: a barrier before v1.6.0',
      'v1.2.0 active',
      'v1.1.0 withdrawn: loses settings',
      'v1.0.0 older than v1.2.0, which is active',
    ]);
    expect(lines(channel, host('v1.4.0')).slice(0, 2)).toEqual([
      'v1.6.0 offered',
      'v1.5.0 not the current release, v1.6.0',
    ]);
  });

  it('waits for the rollout, and tells place and share', () => {
    const rollout = { start: '2026-11-22T00:00:00Z', seconds: 24 * 3600, percentage: 80 };
    const slow = { ...channel, rollout };
    const [first] = explainReleases(slow, host('v1.4.0'));
    expect(first?.reason).toMatch(
      /^(offered: place 0\.[0-3]\d, share|waiting for rollout \(place 0\.\d\d, share) 0\.40 now/,
    );

    const place = Number(/place (\d\.\d+)/.exec(first?.reason ?? '')?.[1]);
    const until = (share: number) => ({ ...rollout, percentage: share * 100, seconds: 0 });
    expect(nextRelease({ ...channel, rollout: until(place + 0.01) }, host('v1.4.0')).kind).toBe('take');
    expect(nextRelease({ ...channel, rollout: until(place - 0.01) }, host('v1.4.0')).kind).toBe('stay');
  });

  it('lets a host without a machine id wait for the end', () => {
    const almost = { start: '2026-11-22T00:00:00Z', seconds: 0, percentage: 99.9 };
    const nameless = host('v1.4.0', { machineId: undefined });
    expect(nextRelease({ ...channel, rollout: almost }, nameless).kind).toBe('stay');
    expect(nextRelease({ ...channel, rollout: { ...almost, percentage: 100 } }, nameless).kind).toBe('take');
  });

  it('does not hold back a barrier, which is no longer rolled out', () => {
    const rollout = { start: '2027-01-01T00:00:00Z', seconds: 0, percentage: 0 };
    expect(nextRelease({ ...channel, rollout }, host('v1.0.0'))).toMatchObject({ kind: 'take', version: 'v1.2.0' });
  });
});
