import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Channel, ChannelRelease } from './channel.ts';
import { announceKeys, openChannel, renew, setCurrent, withdraw } from './edit-channel.ts';
import { promote } from './promote-channel.ts';
import { renderChannel } from './render-channel.ts';
import type { Version } from './version.ts';

const NOW = new Date('2026-11-22T03:00:00.900Z');
const LATER = new Date('2026-11-23T03:00:00Z');
const release = (version: Version, digit = '1'): ChannelRelease => ({ version, manifestSha256: digit.repeat(64) });
const open = (name: string, version: Version) =>
  openChannel({ application: 'op-dbus', channel: name, release: release(version) }, { now: NOW });
const stable = open('stable', 'v1.0.0');
const keys = (number: number) => ({ number, sha256: 'a'.repeat(64) });
const conflict = (message: string) =>
  expect.objectContaining({ code: 'RELEASE_CHANNEL_CONFLICT', exitCode: 8, message: expect.stringContaining(message) });

describe('openChannel', () => {
  it('begins with sequence 1 and expires in 30 days', () => {
    expect(stable).toMatchObject({
      epoch: 0,
      sequence: 1,
      issued: '2026-11-22T03:00:00Z',
      expires: '2026-12-22T03:00:00Z',
      current: 'v1.0.0',
    });
    expect(() => renderChannel(stable)).not.toThrow();
  });
});

describe('renew', () => {
  it('changes nothing but sequence and times', () => {
    expect(renew(stable, { now: LATER, days: 7 })).toEqual({
      ...stable,
      sequence: 2,
      issued: '2026-11-23T03:00:00Z',
      expires: '2026-11-30T03:00:00Z',
    });
  });

  it('refuses a clock that stands before the last issue', () => {
    expect(() => renew(renew(stable, { now: LATER }), { now: NOW })).toThrow(
      expect.objectContaining({ code: 'RELEASE_CLOCK_BEHIND', exitCode: 3 }),
    );
  });
});

describe('setCurrent', () => {
  it('keeps the release before, and forgets its rollout', () => {
    const rollout = { start: '2026-11-23T03:00:00Z', seconds: 3600, percentage: 10 };
    const slow = setCurrent(stable, release('v1.1.0'), { now: LATER, rollout });
    expect(slow).toMatchObject({ current: 'v1.1.0', rollout, releases: [release('v1.0.0'), release('v1.1.0')] });
    expect(setCurrent(slow, release('v1.1.0'), { now: LATER }).rollout).toBeUndefined();
  });

  it('makes a barrier, which stays when later releases come', () => {
    const barred = setCurrent(stable, release('v1.1.0'), { now: NOW, barrier: 'new format' });
    expect(setCurrent(barred, release('v1.2.0'), { now: NOW }).barriers).toEqual([
      { version: 'v1.1.0', reason: 'new format' },
    ]);
  });

  it('goes back only for a reason, which stays until the release is past the one that was left', () => {
    const newer = setCurrent(stable, release('v1.2.0'), { now: NOW });
    expect(() => setCurrent(newer, release('v1.0.0'), { now: NOW })).toThrow(conflict('v1.0.0 is older than v1.2.0'));

    const back = setCurrent(newer, release('v1.1.0'), { now: NOW, downgrade: 'it burns' });
    const further = setCurrent(back, release('v1.0.0'), { now: NOW, downgrade: 'it still burns' });
    expect(further.downgrade).toEqual({ from: 'v1.2.0', reason: 'it still burns' });
    const forward = setCurrent(further, release('v1.1.1'), { now: NOW });
    expect(forward.downgrade).toEqual(further.downgrade);
    expect(setCurrent(forward, release('v1.2.0'), { now: NOW }).downgrade).toBeUndefined();
  });

  it('keeps a barrier above the release it goes back to', () => {
    const barred = setCurrent(stable, release('v1.1.0'), { now: NOW, barrier: 'new format' });
    const back = setCurrent(barred, release('v1.0.0'), { now: NOW, downgrade: 'oops' });
    expect(back.barriers).toEqual(barred.barriers);
    expect(() => renderChannel(back)).not.toThrow();
  });

  it('refuses another manifest for a version, and what was withdrawn', () => {
    expect(() => setCurrent(stable, release('v1.0.0', '2'), { now: NOW })).toThrow(conflict('found 2222'));
    const gone = withdraw(setCurrent(stable, release('v1.1.0'), { now: NOW }), 'v1.0.0', 'old', { now: NOW });
    expect(() => setCurrent(gone, release('v1.0.0'), { now: NOW, downgrade: 'x' })).toThrow(
      conflict('v1.0.0 was withdrawn: old'),
    );
  });
});

describe('withdraw', () => {
  const two = setCurrent(stable, release('v1.1.0'), { now: NOW, barrier: 'new format' });
  const three = setCurrent(two, release('v1.2.0'), { now: NOW });

  it('offers the version no more, says why, and lets it bar nothing', () => {
    expect(withdraw(three, 'v1.1.0', 'loses settings', { now: NOW })).toMatchObject({
      sequence: three.sequence + 1,
      releases: [release('v1.0.0'), release('v1.2.0')],
      barriers: [],
      withdrawn: [{ version: 'v1.1.0', reason: 'loses settings' }],
    });
  });

  it('refuses the current release, and one that is not offered', () => {
    expect(() => withdraw(three, 'v1.2.0', 'x', { now: NOW })).toThrow(conflict('is the current release'));
    expect(() => withdraw(three, 'v7.0.0', 'x', { now: NOW })).toThrow(conflict('does not offer v7.0.0'));
  });
});

describe('promote', () => {
  it('takes over release, digest and the barriers up to it, and nothing else', () => {
    const first = setCurrent(open('edge', 'v1.0.5'), release('v1.1.0', '3'), { now: NOW, barrier: 'new format' });
    const edge = setCurrent(setCurrent(first, release('v1.1.5'), { now: NOW }), release('v1.2.0', '5'), { now: NOW });
    const promoted = promote(edge, stable, { now: NOW });
    expect(promoted).toEqual({
      ...stable,
      sequence: 2,
      current: 'v1.2.0',
      rollout: undefined,
      downgrade: undefined,
      releases: [release('v1.0.0'), release('v1.1.0', '3'), release('v1.2.0', '5')],
      barriers: [{ version: 'v1.1.0', reason: 'new format' }],
    });
    expect(() => renderChannel(promoted)).not.toThrow();
  });

  it('refuses a channel of another application, the same channel, and a version withdrawn there', () => {
    const other = openChannel({ application: 'other', channel: 'edge', release: release('v2.0.0') }, { now: NOW });
    expect(() => promote(other, stable, { now: NOW })).toThrow(conflict('cannot be promoted'));
    expect(() => promote(stable, stable, { now: NOW })).toThrow(conflict('cannot be promoted'));
    const gone = { ...stable, withdrawn: [{ version: 'v1.1.0' as const, reason: 'bad' }] };
    expect(() => promote(open('edge', 'v1.1.0'), gone, { now: NOW })).toThrow(conflict('was withdrawn'));
  });
});

describe('announceKeys', () => {
  it('names the newest keys document', () => {
    expect(announceKeys(stable, keys(1), { now: NOW })).toMatchObject({ epoch: 0, sequence: 2, keys: keys(1) });
  });

  it('restarts the sequence in a new epoch, also after a sequence and a time that went wrong', () => {
    const wrong = { ...stable, sequence: Number.MAX_SAFE_INTEGER, issued: '2099-01-01T00:00:00Z' };
    expect(() => renderChannel(renew(wrong, { now: new Date('2099-01-02') }))).toThrow('sequence');
    expect(announceKeys(wrong, keys(1), { now: NOW, newEpoch: true })).toMatchObject({
      epoch: 1,
      sequence: 1,
      issued: '2026-11-22T03:00:00Z',
    });
  });

  it('refuses a second epoch on one keys document, and an older document', () => {
    const second = announceKeys(stable, keys(2), { now: NOW, newEpoch: true });
    expect(() => announceKeys(second, keys(2), { now: NOW, newEpoch: true })).toThrow(conflict('epoch 2 needs'));
    expect(() => announceKeys(second, keys(1), { now: NOW })).toThrow(conflict('older than 2'));
  });
});

it('raises the sequence by exactly one each time, and never writes what hosts would refuse', () => {
  const edits: readonly ((channel: Channel, number: number) => Channel)[] = [
    (channel) => renew(channel, { now: NOW }),
    (channel, number) => setCurrent(channel, release(`v1.${number}.0`), { now: NOW, downgrade: 'any', barrier: 'any' }),
    (channel, number) => setCurrent(channel, release(`v1.${number}.0`), { now: NOW }),
    (channel, number) => withdraw(channel, `v1.${number}.0`, 'bad', { now: NOW }),
    (channel, number) => promote(open('edge', `v1.${number}.0`), channel, { now: NOW }),
    (channel, number) => announceKeys(channel, keys(number + 1), { now: NOW }),
  ];
  const edit = fc.tuple(fc.constantFrom(...edits), fc.nat(5));
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 12 }), (all) => {
      let channel = stable;
      for (const [change, number] of all) {
        try {
          const next = change(channel, number);
          expect(next.sequence).toBe(channel.sequence + 1);
          channel = next;
        } catch (error) {
          expect(error).toMatchObject({ code: 'RELEASE_CHANNEL_CONFLICT' });
        }
        renderChannel(channel);
      }
    }),
  );
});
