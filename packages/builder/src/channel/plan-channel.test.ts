import { renderPlan } from '@goldstream/plan';
import { type Channel, openChannel, ReleaseError } from '@goldstream/release';
import { describe, expect, it } from 'vitest';
import type { ChannelFacts } from './facts.ts';
import { planPromote, planRenew, planSet, planWithdraw } from './plan-channel.ts';
import type { ChannelInStore } from './read-channel.ts';

const ALICE = 'A'.repeat(40);
const NOW = new Date('2026-11-22T10:00:00Z');
const release = (version: Channel['current']) => ({
  version,
  manifestSha256: version.replace(/\D/g, '').padEnd(64, '0'),
});
const opened = openChannel({ application: 'shop', channel: 'stable', release: release('v1.0.0') }, { now: NOW });
const keys = { number: 2, sha256: 'ab'.repeat(32) };

function believed(channel: Channel): ChannelInStore {
  return { kind: 'believed', fileSha256: 'f'.repeat(64), channel, signers: [ALICE] };
}

function facts(inStore: ChannelInStore, change: Partial<ChannelFacts> = {}): ChannelFacts {
  const signers = [{ fingerprint: ALICE, userId: 'Alice', expires: undefined, objection: undefined }];
  const storeUrl = 'dir:/srv/releases';
  return { storeUrl, application: 'shop', name: 'stable', inStore, keys: undefined, signers, now: NOW, ...change };
}

const refused: ChannelInStore = {
  kind: 'refused',
  fileSha256: 'e'.repeat(64),
  refusal: new ReleaseError('RELEASE_UNTRUSTED', 'channel stable is not trusted'),
};
const plain = { newEpoch: false };

describe('the plan of channel set', () => {
  it('makes the first channel', () => {
    expect(renderPlan(planSet(facts({ kind: 'none' }), release('v1.0.0'), plain))).toMatchInlineSnapshot(`
      "channel stable of shop in dir:/srv/releases:
        note: current release: v1.0.0
        note: reaches: all hosts at once
        note: offered: v1.0.0
        note: epoch: 0
        note: sequence: 1
        note: believed until: 2026-12-22T10:00:00Z
        1. sign channel stable, sequence 1, by Alice (AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA) and publish it in dir:/srv/releases
      "
    `);
    expect(planSet(facts({ kind: 'none' }), release('v1.0.0'), plain).steps).toMatchObject([
      { channel: opened, replaces: undefined, signers: [ALICE] },
    ]);
  });

  it('says what hosts will see changed, and names the newest keys document', () => {
    const rollout = { start: '2026-11-22T10:00:00Z', seconds: 172_800, percentage: 20 };
    const wish = { ...plain, rollout, barrier: 'moves the database' };
    expect(renderPlan(planSet(facts(believed(opened), { keys }), release('v1.1.0'), wish))).toMatchInlineSnapshot(`
      "channel stable of shop in dir:/srv/releases:
        note: current release: v1.0.0 → v1.1.0
        note: reaches: all hosts at once → 20 % of hosts within 48 h 00 min from 2026-11-22T10:00:00Z
        note: offered: v1.1.0
        note: barrier: v1.1.0 (moves the database)
        note: keys document: none → 2
        note: sequence: 1 → 2
        1. sign channel stable, sequence 2, by Alice (AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA) and publish it in dir:/srv/releases
      "
    `);
  });

  it('goes back for a reason only', () => {
    const later = facts(believed({ ...opened, current: 'v1.1.0', releases: [release('v1.0.0'), release('v1.1.0')] }));
    expect(() => planSet(later, release('v1.0.0'), plain)).toThrow(
      expect.objectContaining({ code: 'RELEASE_CHANNEL_CONFLICT' }),
    );
    expect(planSet(later, release('v1.0.0'), { ...plain, downgrade: 'crashes' }).notes).toContain(
      'hosts may go back: no → from v1.1.0 to v1.0.0: crashes',
    );
  });

  it('begins with no channel that is not believed; a new epoch takes nothing over from it', () => {
    expect(() => planSet(facts(refused, { keys }), release('v1.0.0'), plain)).toThrow(
      expect.objectContaining({ code: 'BUILDER_CHANNEL_UNTRUSTED', exitCode: 5 }),
    );
    expect(planSet(facts(refused, { keys }), release('v1.0.0'), { newEpoch: true })).toMatchObject({
      notes: expect.arrayContaining(['nothing is taken over: channel stable is not trusted']),
      steps: [{ channel: { epoch: 2, sequence: 1, keys }, replaces: 'e'.repeat(64) }],
    });
  });

  it('refuses a new epoch without a keys document for it', () => {
    for (const without of [facts(refused), facts(believed({ ...opened, epoch: 2, keys }), { keys })]) {
      expect(() => planSet(without, release('v1.0.0'), { newEpoch: true })).toThrow(
        expect.objectContaining({ code: 'RELEASE_CHANNEL_CONFLICT' }),
      );
    }
  });

  it('refuses a reason that a host would not read, before anything is signed', () => {
    const wish = { ...plain, barrier: 'two\nlines' };
    expect(() => planSet(facts({ kind: 'none' }), release('v1.0.0'), wish)).toThrow(
      expect.objectContaining({ code: 'RELEASE_BAD_CHANNEL' }),
    );
  });
});

describe('the plan of channel promote', () => {
  const edge = facts(believed({ ...opened, channel: 'edge', current: 'v1.1.0', releases: [release('v1.1.0')] }), {
    name: 'edge',
  });

  it('copies the name and the digest of the release, into an old channel or a new one', () => {
    const wish = { release: release('v1.1.0') };
    for (const to of [believed(opened), { kind: 'none' } as const]) {
      expect(planPromote(edge, facts(to), wish).steps).toMatchObject([
        { channel: { channel: 'stable', current: 'v1.1.0' } },
      ]);
    }
  });

  it('refuses a release that is another one in the store now', () => {
    const other = { version: 'v1.1.0', manifestSha256: 'd'.repeat(64) } as const;
    expect(() => planPromote(edge, facts(believed(opened)), { release: other })).toThrow(
      expect.objectContaining({ code: 'RELEASE_NOT_NAMED' }),
    );
  });

  it('needs the first channel', () => {
    expect(() => planPromote(facts({ kind: 'none' }), facts(believed(opened)), { release: undefined })).toThrow(
      expect.objectContaining({ code: 'BUILDER_NO_CHANNEL', exitCode: 8 }),
    );
  });
});

describe('the plan of channel withdraw', () => {
  it('keeps the current release', () => {
    expect(() => planWithdraw(facts(believed(opened)), { version: 'v1.0.0', reason: 'bad' })).toThrow(
      expect.objectContaining({ code: 'RELEASE_CHANNEL_CONFLICT' }),
    );
  });
});

describe('the plan of channel sign', () => {
  const day = 86_400;

  it('has nothing to do while more time is left than was asked for', () => {
    expect(planRenew(facts(believed(opened)), { ifWithin: 29 * day }).steps).toEqual([]);
    expect(planRenew(facts(believed(opened)), { ifWithin: 30 * day }).steps).toHaveLength(1);
    expect(planRenew(facts(believed(opened)), {}).steps).toMatchObject([{ channel: { sequence: 2 } }]);
  });

  it('announces new keys at once', () => {
    expect(planRenew(facts(believed(opened), { keys }), { ifWithin: day }).steps).toMatchObject([
      { channel: { keys } },
    ]);
  });

  it('refuses to sign with a clock that is behind the channel', () => {
    const early = facts(believed(opened), { now: new Date('2026-11-21T00:00:00Z') });
    expect(() => planRenew(early, {})).toThrow(expect.objectContaining({ code: 'RELEASE_CLOCK_BEHIND' }));
  });
});
