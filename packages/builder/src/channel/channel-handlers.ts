import type { Handlers } from '@goldstream/plan';
import { channelFileName, renderChannel } from '@goldstream/release';
import { lockDirectory } from '@goldstream/system';
import { signText } from '../keys/sign-document.ts';
import { storeAt } from '../store-at.ts';
import type { Tools } from '../tools.ts';
import type { PublishChannelStep } from './plan-channel.ts';

/** How a channel is published. */
export function channelHandlers(tools: Tools): Handlers<PublishChannelStep> {
  return {
    'publish-channel': async ({ storeUrl, channel, signers, replaces }) => {
      const { application, channel: name } = channel;
      const signed = await signText(tools, `channel ${name}`, renderChannel(channel), signers);
      const lock = (directory: string) => lockDirectory(tools.runner, directory);
      await storeAt(tools, storeUrl).publishDocument(channelFileName(application, name), signed, { replaces, lock });
    },
  };
}
