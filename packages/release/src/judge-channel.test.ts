import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertNamed } from './assert-named.ts';
import type { Channel } from './channel.ts';
import type { ChannelTrust } from './channel-trust.ts';
import { announceKeys, openChannel, renew, setCurrent, withdraw } from './edit-channel.ts';
import type { ReleaseErrorCode } from './error.ts';
import { type ChannelJudgement, type HostSide, judgeChannel, SEQUENCE_JUMP_LIMIT } from './judge-channel.ts';
import type { KeySet } from './keys-document.ts';
import { renderChannel } from './render-channel.ts';
import type { Version } from './version.ts';

const NOW = new Date('2026-11-22T03:00:00Z');
const day = (number: number) => new Date(NOW.getTime() + number * 86_400_000);
const release = (version: Version) => ({ version, manifestSha256: '1'.repeat(64) });
const sha256 = (channel: Channel) => createHash('sha256').update(renderChannel(channel)).digest('hex');
const KEYS: KeySet = { number: 0, threshold: 1, keys: ['A'.repeat(40)], withdrawn: [] };

const first = openChannel({ application: 'op-dbus', channel: 'stable', release: release('v1.0.0') }, { now: NOW });
const second = setCurrent(first, release('v1.1.0'), { now: day(1) });

function judge(channel: Channel, host: Partial<HostSide> = {}): ChannelJudgement {
  const side = { application: 'op-dbus', channel: 'stable', seen: undefined, keys: KEYS, clock: day(1), ...host };
  return judgeChannel({ channel, sha256: sha256(channel) }, side);
}
/** The state of a host that accepted these channels, each a day after it was issued at the latest. */
function seenOf(...channels: readonly Channel[]): ChannelTrust {
  return (
    channels.reduce<ChannelTrust | undefined>((seen, channel) => accepted(judge(channel, { seen })), undefined) ??
    fail()
  );
}
function accepted(judgement: ChannelJudgement): ChannelTrust {
  return judgement.ok ? judgement.state : fail(judgement.refusal);
}
function fail(cause?: Error): never {
  throw new Error('expected an accepted channel', { cause });
}
function expectRefusal(judgement: ChannelJudgement, code: ReleaseErrorCode): void {
  expect(judgement.ok ? 'accepted' : judgement.refusal).toMatchObject({ code, exitCode: 5 });
}

describe('judgeChannel', () => {
  it('accepts the first channel, and returns what to remember', () => {
    expect(judge(second)).toEqual({
      ok: true,
      now: day(1),
      events: [],
      state: { epoch: 0, sequence: 2, sha256: sha256(second), time: '2026-11-23T03:00:00Z', newest: 'v1.1.0' },
    });
  });

  it('accepts the same channel again and again, and later ones, without changing what it was given', () => {
    const seen = Object.freeze(seenOf(first));
    expect(accepted(judge(first, { seen }))).toEqual(seen);
    expect(accepted(judge(second, { seen })).sequence).toBe(2);
  });

  describe('mix-and-match', () => {
    it('refuses a channel of another application or another name', () => {
      expectRefusal(judge(first, { application: 'other' }), 'RELEASE_CHANNEL_MISMATCH');
      expectRefusal(judge(first, { channel: 'edge' }), 'RELEASE_CHANNEL_MISMATCH');
    });
  });

  describe('rollback', () => {
    it('refuses a lower sequence', () => {
      expectRefusal(judge(first, { seen: seenOf(second) }), 'RELEASE_CHANNEL_ROLLBACK');
    });

    it('refuses a lower epoch, whatever its sequence', () => {
      const keys = { ...KEYS, number: 1, sha256: 'a'.repeat(64) };
      const reset = announceKeys(first, { number: 1, sha256: 'a'.repeat(64) }, { now: NOW, newEpoch: true });
      const seen = accepted(judge(reset, { keys }));
      expectRefusal(judge(renew(second, { now: day(1) }), { keys, seen }), 'RELEASE_CHANNEL_ROLLBACK');
    });

    it('refuses another channel of the same sequence', () => {
      const other = setCurrent(first, release('v1.2.0'), { now: day(1) });
      expectRefusal(judge(other, { seen: seenOf(second) }), 'RELEASE_CHANNEL_EQUIVOCATION');
    });

    it('refuses an older release in a newer channel that does not say why', () => {
      const silent = { ...renew(second, { now: day(1) }), current: 'v1.0.0' as const };
      expectRefusal(judge(silent, { seen: seenOf(second) }), 'RELEASE_DOWNGRADE');
    });

    it('takes a signed downgrade, tells of it once, and counts from the older release on', () => {
      const back = setCurrent(second, release('v1.0.0'), { now: day(1), downgrade: 'it burns' });
      const judgement = judge(back, { seen: seenOf(second) });
      expect(judgement).toMatchObject({
        ok: true,
        state: { newest: 'v1.0.0' },
        events: [{ kind: 'downgrade', from: 'v1.1.0', to: 'v1.0.0', reason: 'it burns' }],
      });
      expect(judge(back, { seen: accepted(judgement) })).toMatchObject({ ok: true, events: [] });
    });

    it('takes a downgrade also on a host that missed the channel which began it', () => {
      const back = setCurrent(second, release('v1.0.0'), { now: day(1), downgrade: 'it burns' });
      const later = setCurrent(back, release('v1.0.1'), { now: day(1) });
      expect(judge(later, { seen: seenOf(second) })).toMatchObject({ ok: true, state: { newest: 'v1.0.1' } });
    });

    it('refuses a downgrade from less than what the host has seen', () => {
      const third = setCurrent(second, release('v1.2.0'), { now: day(1) });
      const back = setCurrent(second, release('v1.0.0'), { now: day(1), downgrade: 'it burns' });
      const longer = renew(renew(back, { now: day(1) }), { now: day(1) });
      expectRefusal(judge(longer, { seen: seenOf(third) }), 'RELEASE_DOWNGRADE');
    });
  });

  describe('freeze', () => {
    it('accepts a channel until the second in which it expires', () => {
      const expires = new Date(first.expires);
      expect(judge(first, { clock: new Date(expires.getTime() - 1000) }).ok).toBe(true);
      expectRefusal(judge(first, { clock: expires }), 'RELEASE_CHANNEL_EXPIRED');
    });

    it('does not believe a clock that is set back after the channel was seen to expire', () => {
      const renewed = renew(first, { now: day(29) });
      const seen = accepted(judge(renewed, { clock: day(31) }));
      const old = { ...first, sequence: 3, current: 'v1.0.0' as const };
      expectRefusal(judge(old, { seen, clock: day(0) }), 'RELEASE_CHANNEL_EXPIRED');
    });

    it('is not poisoned by a clock that was once far ahead: refused channels leave no time behind', () => {
      const seen = seenOf(first);
      expectRefusal(judge(second, { seen, clock: new Date('2099-01-01') }), 'RELEASE_CHANNEL_EXPIRED');
      expect(judge(second, { seen, clock: day(1) }).ok).toBe(true);
    });
  });

  describe('fast-forward', () => {
    it('refuses a sequence that jumps too far, also the first one', () => {
      const far = { ...second, sequence: SEQUENCE_JUMP_LIMIT + 2 };
      expectRefusal(judge(far), 'RELEASE_CHANNEL_FAST_FORWARD');
      expectRefusal(judge(far, { seen: seenOf(first) }), 'RELEASE_CHANNEL_FAST_FORWARD');
      expect(judge({ ...second, sequence: SEQUENCE_JUMP_LIMIT + 1 }, { seen: seenOf(first) }).ok).toBe(true);
    });

    it('refuses a channel from the future, and says to look at the clock', () => {
      expectRefusal(judge(renew(first, { now: day(3) }), { clock: day(1) }), 'RELEASE_CHANNEL_FROM_FUTURE');
      expect(judge(renew(first, { now: day(2) }), { clock: day(1) }).ok).toBe(true);
    });

    it('comes back by a new epoch from a wrong sequence, a wrong time and a wrong release', () => {
      const pointer = { number: 1, sha256: 'a'.repeat(64) };
      const keys = { ...KEYS, number: 1, sha256: pointer.sha256 };
      const poisoned: ChannelTrust = {
        epoch: 0,
        sequence: Number.MAX_SAFE_INTEGER,
        sha256: 'b'.repeat(64),
        time: '2098-01-01T00:00:00Z',
        newest: 'v999.0.0',
      };
      expectRefusal(judge(second, { seen: poisoned, keys }), 'RELEASE_CHANNEL_ROLLBACK');
      const reset = announceKeys(second, pointer, { now: day(1), newEpoch: true });
      expect(judge(reset, { seen: poisoned, keys })).toEqual({
        ok: true,
        now: day(1),
        events: [{ kind: 'new-epoch', from: 0, to: 1 }],
        state: { epoch: 1, sequence: 1, sha256: sha256(reset), time: '2026-11-23T03:00:00Z', newest: 'v1.1.0' },
      });
    });

    it('takes no epoch above the keys document that the host has reached', () => {
      const reset = announceKeys(first, { number: 2, sha256: 'a'.repeat(64) }, { now: NOW, newEpoch: true });
      const keys = { ...KEYS, number: 1, sha256: 'c'.repeat(64) };
      expectRefusal(judge(reset, { keys }), 'RELEASE_KEYS_MISSING');
    });
  });

  describe('keys', () => {
    const keys = { ...KEYS, number: 2, sha256: 'a'.repeat(64) };
    const naming = (number: number, digit: string) =>
      announceKeys(first, { number, sha256: digit.repeat(64) }, { now: NOW });

    it('refuses while the store withholds a keys document', () => {
      expectRefusal(judge(naming(3, 'a'), { keys }), 'RELEASE_KEYS_MISSING');
    });

    it('refuses when the publisher names another document of the same number', () => {
      expectRefusal(judge(naming(2, 'b'), { keys }), 'RELEASE_KEYS_BROKEN');
    });

    it('accepts the document it has reached, and a channel that is not that far yet', () => {
      expect(judge(naming(2, 'a'), { keys }).ok).toBe(true);
      expect(judge(naming(1, 'b'), { keys }).ok).toBe(true);
      expect(judge(first, { keys }).ok).toBe(true);
    });
  });

  describe('the clock', () => {
    it('may be missing: the channel itself sets the time', () => {
      expect(judge(second, { clock: new Date(0) })).toMatchObject({
        ok: true,
        now: new Date(second.issued),
        events: [{ kind: 'clock-behind', clock: '1970-01-01T00:00:00Z', assumed: second.issued }],
      });
    });

    it('may be behind what was recorded: the time does not go back', () => {
      const seen = seenOf(second);
      expect(judge(second, { seen, clock: day(-400) })).toMatchObject({ ok: true, now: new Date(seen.time) });
    });

    it('may be corrected by hours without a word', () => {
      expect(judge(second, { seen: seenOf(second), clock: day(0.5) })).toMatchObject({ ok: true, events: [] });
    });
  });

  it('never accepts less than it has accepted: epoch, sequence and time only grow', () => {
    const keys = { ...KEYS, number: 3, sha256: 'a'.repeat(64) };
    const channels = fc.record({
      epoch: fc.nat(3),
      sequence: fc.integer({ min: 1, max: 5 }),
      days: fc.nat(60),
      clock: fc.nat(60),
    });
    fc.assert(
      fc.property(fc.array(channels, { maxLength: 20 }), (all) => {
        let seen: ChannelTrust | undefined;
        for (const { epoch, sequence, days, clock } of all) {
          const pointer = { number: 3, sha256: 'a'.repeat(64) };
          const channel = { ...renew(first, { now: day(days) }), epoch, sequence, keys: pointer };
          const judgement = judge(channel, { seen, keys, clock: day(clock) });
          if (!judgement.ok) continue;
          const { state } = judgement;
          if (seen?.epoch === state.epoch) {
            expect(state.sequence).toBeGreaterThanOrEqual(seen.sequence);
            expect(Date.parse(state.time)).toBeGreaterThanOrEqual(Date.parse(seen.time));
          } else expect(state.epoch).toBeGreaterThan(seen?.epoch ?? -1);
          expect(Date.parse(state.time)).toBeLessThan(Date.parse(channel.expires));
          seen = state;
        }
      }),
    );
  });
});

describe('assertNamed', () => {
  const channel = withdraw(second, 'v1.0.0', 'loses settings', { now: day(1) });

  it('passes for the manifest that the channel names', () => {
    expect(() => assertNamed({ version: 'v1.1.0', sha256: '1'.repeat(64) }, channel)).not.toThrow();
  });

  it.each<[string, Version, string, ReleaseErrorCode, string]>([
    ['another manifest of the version', 'v1.1.0', '2', 'RELEASE_NOT_NAMED', 'names a manifest with SHA-256 1111'],
    ['a version that is not offered', 'v1.0.5', '1', 'RELEASE_NOT_NAMED', 'does not offer it'],
    ['a version that was withdrawn', 'v1.0.0', '1', 'RELEASE_WITHDRAWN', 'loses settings'],
  ])('refuses %s', (_, version, digit, code, message) => {
    expect(() => assertNamed({ version, sha256: digit.repeat(64) }, channel)).toThrow(
      expect.objectContaining({ code, exitCode: 5, message: expect.stringContaining(message) }),
    );
  });
});
