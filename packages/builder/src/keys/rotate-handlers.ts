import type { Handlers } from '@goldstream/plan';
import { keysFileName, renderKeys } from '@goldstream/release';
import { lockDirectory } from '@goldstream/system';
import { channelHandlers } from '../channel/channel-handlers.ts';
import { storeAt } from '../store-at.ts';
import type { Tools } from '../tools.ts';
import type { RotateStep } from './plan-rotate.ts';
import { signText } from './sign-document.ts';

/** How keys documents and channels are published. */
export function rotateHandlers(tools: Tools): Handlers<RotateStep> {
  return {
    ...channelHandlers(tools),
    'publish-keys': async ({ storeUrl, document, signers }) => {
      const { application, number } = document;
      const signed = await signText(tools, `keys document ${number}`, renderKeys(document), signers);
      const lock = (directory: string) => lockDirectory(tools.runner, directory);
      const name = keysFileName(application, number);
      // Never replaced: who was faster has made another document of this number.
      await storeAt(tools, storeUrl).publishDocument(name, signed, { replaces: undefined, lock });
    },
  };
}
