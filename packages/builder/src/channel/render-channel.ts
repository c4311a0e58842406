import { renderTable } from '@goldstream/cli';
import { describeRollout } from './describe-change.ts';
import type { ChannelAnswer } from './tell-channel.ts';

/** A channel for people. */
export function renderChannelAnswer(answer: ChannelAnswer): string {
  const { channel, signers, store } = answer;
  const { releases, barriers, withdrawn, downgrade, keys, current } = channel;
  const barrierOf = new Map(barriers.map(({ version, reason }) => [version, `barrier: ${reason}`]));
  const facts: readonly (readonly [string, string])[] = [
    ['channel', `${channel.channel} of ${channel.application} in ${store}`],
    ['sequence', `${channel.sequence}, epoch ${channel.epoch}`],
    ['current', `${current}, for ${describeRollout(channel.rollout)}`],
    ['issued', channel.issued],
    ['expires', `${channel.expires}${describeExpiry(answer)}`],
    ...signers.map((signer) => ['signed by', signer] as const),
    ...(keys === undefined ? [] : [['keys', `document ${keys.number}`] as const]),
    ...(downgrade === undefined ? [] : [['downgrade', `from ${downgrade.from}: ${downgrade.reason}`] as const]),
    ...withdrawn.map(({ version, reason }) => ['withdrawn', `${version}: ${reason}`] as const),
  ];
  const offered = renderTable([...releases].reverse(), [
    { title: 'release', cell: ({ version }) => version },
    { title: 'manifest SHA-256', cell: ({ manifestSha256 }) => manifestSha256 },
    {
      title: '',
      cell: ({ version }) =>
        [version === current ? 'current' : '', barrierOf.get(version) ?? ''].filter(Boolean).join(', '),
    },
  ]);
  return `${facts.map(([name, value]) => `${name.padEnd(10)} ${value}\n`).join('')}\n${offered}`;
}

const DAY = 86_400;

function describeExpiry({ secondsLeft, expiresSoon }: ChannelAnswer): string {
  if (secondsLeft <= 0) return ': EXPIRED, hosts take nothing new; run `channel sign`';
  const days = Math.floor(secondsLeft / DAY);
  const left = days > 0 ? `in ${days} days` : `in ${Math.ceil(secondsLeft / 3600)} hours`;
  return expiresSoon ? `: ${left.toUpperCase()}, run \`channel sign\`` : ` (${left})`;
}
