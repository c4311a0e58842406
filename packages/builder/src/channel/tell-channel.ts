import type { Channel } from '@goldstream/release';
import { BuilderError } from '../error.ts';
import type { Tools } from '../tools.ts';
import type { Site } from './facts.ts';
import { readChannel } from './read-channel.ts';

/** A channel as it is in the store now. */
export interface ChannelAnswer {
  readonly store: string;
  readonly channel: Channel;
  /** Primary fingerprints. */
  readonly signers: readonly string[];
  /** Negative once it has expired. */
  readonly secondsLeft: number;
  /** Less than a third of its time is left. */
  readonly expiresSoon: boolean;
}

/** Reads a channel from the store and believes it only when our keys signed it. @throws BuilderError `BUILDER_NO_CHANNEL`; why it is not believed */
export async function tellChannel(
  tools: Tools,
  { store, trust }: Pick<Site, 'store' | 'trust'>,
  name: string,
): Promise<ChannelAnswer> {
  const found = await readChannel(tools, store, name, trust);
  if (found.kind === 'none') {
    throw new BuilderError('BUILDER_NO_CHANNEL', `${store.url} has no channel ${name}`, {
      hint: 'Make it: goldstream-builder channel set',
    });
  }
  if (found.kind === 'refused') throw found.refusal;
  const { channel, signers } = found;
  const secondsLeft = Math.floor((Date.parse(channel.expires) - tools.clock().getTime()) / 1000);
  const lifetime = (Date.parse(channel.expires) - Date.parse(channel.issued)) / 1000;
  return { store: store.url, channel, signers, secondsLeft, expiresSoon: secondsLeft * 3 < lifetime };
}
