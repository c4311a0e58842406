import type { Plan } from '@goldstream/plan';
import {
  type Advance,
  announceKeys,
  assertNamed,
  type Channel,
  type ChannelRelease,
  type Issue,
  openChannel,
  promote,
  ReleaseError,
  renderChannel,
  renew,
  setCurrent,
  type Version,
  withdraw,
} from '@goldstream/release';
import { BuilderError } from '../error.ts';
import { describeSigners } from '../keys/describe-signers.ts';
import { describeChange } from './describe-change.ts';
import type { ChannelFacts } from './facts.ts';

/** Signs a channel and replaces the one in the store. */
export interface PublishChannelStep {
  readonly kind: 'publish-channel';
  readonly says: string;
  readonly storeUrl: string;
  readonly channel: Channel;
  /** Fingerprints. */
  readonly signers: readonly string[];
  /** SHA-256 of the file that was read; undefined: there was none. */
  readonly replaces: string | undefined;
}

/** What is wished for beside the release itself. */
export interface SetWish extends Omit<Advance, 'now'> {
  /** Restart the sequence, and take nothing over from a channel that is not believed. */
  readonly newEpoch: boolean;
}

/** Makes a release the current one. @throws ReleaseError, BuilderError `BUILDER_CHANNEL_UNTRUSTED` */
export function planSet(
  facts: ChannelFacts,
  release: ChannelRelease,
  { newEpoch, ...wish }: SetWish,
): Plan<PublishChannelStep> {
  const advance = { ...wish, now: facts.now };
  const { application, name, keys, inStore } = facts;
  const isFresh = inStore.kind === 'none' || (newEpoch && inStore.kind === 'refused');
  const base = isFresh ? undefined : demandBase(facts);
  const edited =
    base === undefined
      ? openChannel({ application, channel: name, release, keys }, advance)
      : setCurrent(base, release, advance);
  const notes = inStore.kind === 'refused' ? [`nothing is taken over: ${inStore.refusal.message}`] : [];
  return planPublishing(facts, newEpoch ? inNewEpoch(edited, facts, advance) : edited, notes);
}

/** How a release goes from one channel to another. */
export interface PromoteWish extends Omit<Advance, 'now'> {
  /** The current release of the first channel as it is in the store; missing where there is no such channel. */
  readonly release: ChannelRelease | undefined;
}

/**
 * Makes the current release of one channel that of another.
 * @throws as `planSet`, and `BUILDER_NO_CHANNEL`; ReleaseError `RELEASE_NOT_NAMED` when the store holds another release
 * than the first channel names
 */
export function planPromote(
  from: ChannelFacts,
  to: ChannelFacts,
  { release, ...wish }: PromoteWish,
): Plan<PublishChannelStep> {
  const advance = { ...wish, now: to.now };
  const source = demandBase(from);
  if (release === undefined) throw new Error('a channel that is believed has a current release');
  assertNamed({ version: release.version, sha256: release.manifestSha256 }, source);
  if (to.inStore.kind !== 'none') return planPublishing(to, promote(source, demandBase(to), advance));
  const { application, name, keys } = to;
  return planPublishing(to, openChannel({ application, channel: name, release, keys }, advance));
}

/** Stops offering a release. @throws as `planSet`, and `BUILDER_NO_CHANNEL` */
export function planWithdraw(
  facts: ChannelFacts,
  { version, reason, days }: { readonly version: Version; readonly reason: string; readonly days?: number | undefined },
): Plan<PublishChannelStep> {
  return planPublishing(facts, withdraw(demandBase(facts), version, reason, { now: facts.now, days }));
}

/**
 * Signs the channel again as it is. With `ifWithin`, in seconds, only when it would otherwise expire that soon, or does
 * not name the newest keys document.
 * @throws as `planSet`, and `BUILDER_NO_CHANNEL`
 */
export function planRenew(
  facts: ChannelFacts,
  { ifWithin, days }: { readonly ifWithin?: number | undefined; readonly days?: number | undefined },
): Plan<PublishChannelStep> {
  const base = demandBase(facts);
  const left = (Date.parse(base.expires) - facts.now.getTime()) / 1000;
  const knowsKeys = facts.inStore.kind === 'believed' && facts.inStore.channel.keys?.number === base.keys?.number;
  if (ifWithin !== undefined && left > ifWithin && knowsKeys) {
    return { goal: goalOf(facts), notes: [`it is believed until ${base.expires}`], steps: [] };
  }
  return planPublishing(facts, renew(base, { now: facts.now, days }));
}

/** Names the newest keys document, which is about to be published. @throws as `planRenew` */
export function planAnnounce(facts: ChannelFacts, issue: { readonly newEpoch: boolean }): Plan<PublishChannelStep> {
  const base = demandBase(facts);
  const { now } = facts;
  return planPublishing(facts, issue.newEpoch ? inNewEpoch(base, facts, { now }) : renew(base, { now }));
}

/** The channel to edit, naming the newest keys document. */
function demandBase({ storeUrl, name, inStore, keys }: ChannelFacts): Channel {
  if (inStore.kind === 'none') {
    throw new BuilderError('BUILDER_NO_CHANNEL', `${storeUrl} has no channel ${name}`, {
      hint: 'Make it: goldstream-builder channel set',
    });
  }
  if (inStore.kind === 'refused') {
    throw new BuilderError('BUILDER_CHANNEL_UNTRUSTED', `channel ${name} in ${storeUrl} is not as our keys signed it`, {
      cause: inStore.refusal,
      hint: 'Find out who changed it; `channel set … --new-epoch` starts it anew and takes nothing over.',
    });
  }
  const { channel } = inStore;
  return keys !== undefined && keys.number > (channel.keys?.number ?? 0) ? { ...channel, keys } : channel;
}

function inNewEpoch(channel: Channel, { keys }: ChannelFacts, issue: Issue): Channel {
  if (keys !== undefined) return announceKeys(channel, keys, { ...issue, newEpoch: true });
  throw new ReleaseError('RELEASE_CHANNEL_CONFLICT', 'a new epoch needs a keys document, and there is none yet', {
    hint: 'Make one: goldstream-builder keys rotate',
  });
}

function planPublishing(
  facts: ChannelFacts,
  channel: Channel,
  notes: readonly string[] = [],
): Plan<PublishChannelStep> {
  const { storeUrl, name, inStore, signers } = facts;
  const before = inStore.kind === 'believed' ? inStore.channel : undefined;
  // Writes nothing that a host would refuse to read: found out here, before anything is signed.
  renderChannel(channel);
  return {
    goal: goalOf(facts),
    notes: [...notes, ...describeChange(before, channel)],
    steps: [
      {
        kind: 'publish-channel',
        says: `sign channel ${name}, sequence ${channel.sequence}, by ${describeSigners(signers)} and publish it in ${storeUrl}`,
        storeUrl,
        channel,
        signers: signers.map(({ fingerprint }) => fingerprint),
        replaces: inStore.kind === 'none' ? undefined : inStore.fileSha256,
      },
    ],
  };
}

function goalOf({ application, name, storeUrl }: ChannelFacts): string {
  return `channel ${name} of ${application} in ${storeUrl}`;
}
