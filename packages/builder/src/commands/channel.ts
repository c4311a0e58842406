import { type CommandGroup, plannedCommand, query } from '@goldstream/cli';
import { channelHandlers } from '../channel/channel-handlers.ts';
import { gatherChannel, gatherCurrent, gatherRelease, gatherSite } from '../channel/facts.ts';
import { planPromote, planRenew, planSet, planWithdraw } from '../channel/plan-channel.ts';
import { renderChannelAnswer } from '../channel/render-channel.ts';
import { type ChannelAnswer, tellChannel } from '../channel/tell-channel.ts';
import { lockOwnHome } from '../keys/home.ts';
import type { Tools } from '../tools.ts';
import { advanceOptions, channelArgument, daysOption, parseSpan, rolloutOf, storeOption } from './channel-options.ts';
import { keyOption } from './key-option.ts';
import { versionArgument } from './version-argument.ts';

const show = query({
  name: 'show',
  summary: 'Show a channel as hosts get it, once its signature was verified',
  examples: [
    'goldstream-builder channel show stable',
    'goldstream-builder channel show stable --from https://example.org/r --json',
  ],
  arguments: { channel: channelArgument('channel to show') },
  options: { from: storeOption },
  answer: async ({ channel, from }, tools: Tools) => {
    let answer: ChannelAnswer | undefined;
    await lockOwnHome(tools, async () => {
      answer = await tellChannel(tools, await gatherSite(tools, from), channel);
    });
    if (answer === undefined) throw new Error('the lock was held and nothing was done');
    return answer;
  },
  render: renderChannelAnswer,
});

const set = plannedCommand({
  name: 'set',
  summary: 'Make a published release the current one of a channel, and the channel where there is none',
  examples: [
    'goldstream-builder channel set stable v1.3.0',
    'goldstream-builder channel set stable v1.3.0 --to github:OWNER/REPO',
    'goldstream-builder channel set stable v1.3.0 --rollout 20% --over 48h',
    'goldstream-builder channel set stable v1.2.9 --downgrade "v1.3.0 loses settings"',
  ],
  arguments: {
    channel: channelArgument('channel to change'),
    version: versionArgument('release that is in the store'),
  },
  options: {
    to: storeOption,
    ...advanceOptions,
    newEpoch: {
      type: 'boolean',
      summary: 'restart the sequence: the way back after a wrong one; needs a new keys document',
    },
    key: keyOption,
  },
  bracket: lockOwnHome,
  plan: async ({ channel, version, to, key, newEpoch, days, barrier, downgrade, ...spread }, tools: Tools) => {
    const site = await gatherSite(tools, to);
    const facts = await gatherChannel(tools, site, { name: channel, key });
    const release = await gatherRelease(tools, site, version, facts.inStore);
    return planSet(facts, release, { newEpoch, days, barrier, downgrade, rollout: rolloutOf(spread, facts.now) });
  },
  handlers: channelHandlers,
  result: readBack,
  render: renderChannelAnswer,
});

const promote = plannedCommand({
  name: 'promote',
  summary: 'Make the current release of one channel that of another; nothing is copied',
  examples: [
    'goldstream-builder channel promote edge stable',
    'goldstream-builder channel promote edge stable --rollout 10% --over 7d',
  ],
  arguments: {
    from: channelArgument('channel that has the release'),
    channel: channelArgument('channel that gets it'),
  },
  options: { to: storeOption, ...advanceOptions, key: keyOption },
  bracket: lockOwnHome,
  plan: async ({ from, channel, to, key, days, barrier, downgrade, ...spread }, tools: Tools) => {
    const site = await gatherSite(tools, to);
    const source = await gatherChannel(tools, site, { name: from, key });
    const facts = await gatherChannel(tools, site, { name: channel, key });
    const release = await gatherCurrent(tools, site, source.inStore);
    return planPromote(source, facts, {
      release,
      days,
      barrier,
      downgrade,
      rollout: rolloutOf(spread, facts.now),
    });
  },
  handlers: channelHandlers,
  result: readBack,
  render: renderChannelAnswer,
});

const withdraw = plannedCommand({
  name: 'withdraw',
  summary: 'Stop offering a release that turned out to be bad; hosts that run it keep it',
  examples: ['goldstream-builder channel withdraw stable v1.2.8 --reason "fails on ARM"'],
  arguments: { channel: channelArgument('channel to change'), version: versionArgument('release to withdraw') },
  options: {
    reason: { type: 'string', required: true, summary: 'one line that operators will read' },
    to: storeOption,
    days: daysOption,
    key: keyOption,
  },
  bracket: lockOwnHome,
  plan: async ({ channel, version, reason, to, days, key }, tools: Tools) => {
    const facts = await gatherChannel(tools, await gatherSite(tools, to), { name: channel, key });
    return planWithdraw(facts, { version, reason, days });
  },
  handlers: channelHandlers,
  result: readBack,
  render: renderChannelAnswer,
});

const sign = plannedCommand({
  name: 'sign',
  summary: 'Sign a channel again as it is, before it expires: for a scheduled job',
  examples: ['goldstream-builder channel sign stable', 'goldstream-builder channel sign stable --if-within 10d'],
  arguments: { channel: channelArgument('channel to renew') },
  options: {
    ifWithin: {
      type: 'parsed',
      parse: parseSpan,
      placeholder: 'time',
      summary: 'only when it expires within 12h or 10d',
    },
    to: storeOption,
    days: daysOption,
    key: keyOption,
  },
  bracket: lockOwnHome,
  plan: async ({ channel, ifWithin, to, days, key }, tools: Tools) =>
    planRenew(await gatherChannel(tools, await gatherSite(tools, to), { name: channel, key }), { ifWithin, days }),
  handlers: channelHandlers,
  result: readBack,
  render: renderChannelAnswer,
});

export const channel: CommandGroup<Tools> = {
  name: 'channel',
  summary: 'Say which release is current: signed pointers that expire',
  commands: [show, set, promote, withdraw, sign],
};

/** What the store holds now, with its keys looked at again. */
async function readBack(
  { channel, to }: { readonly channel: string; readonly to: string | undefined },
  tools: Tools,
): Promise<ChannelAnswer> {
  return tellChannel(tools, await gatherSite(tools, to), channel);
}
