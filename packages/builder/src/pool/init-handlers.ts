import { chmod, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Handlers } from '@goldstream/plan';
import {
  createPoolImage,
  createSubvolume,
  findSubvolume,
  makeDirectoryDurably,
  mountPoolImage,
  syncDirectory,
} from '@goldstream/system';
import type { Tools } from '../tools.ts';
import type { InitStep } from './plan-init.ts';

/** How each step of `init` is done. */
export function initHandlers({ runner }: Tools): Handlers<InitStep> {
  return {
    'create-image': async ({ image, bytes }) => {
      // Under its final name an image is always one with a filesystem in it.
      const unfinished = `${image}.new`;
      await rm(unfinished, { force: true });
      await createPoolImage(runner, unfinished, bytes);
      await rename(unfinished, image);
      await syncDirectory(dirname(image));
    },
    'mount-image': async ({ image, at }) => {
      await mountPoolImage(runner, image, at);
    },
    'make-layout': async ({ golden, directories }) => {
      await makeDirectoryDurably(dirname(golden));
      if ((await findSubvolume(runner, golden)) === undefined) {
        await createSubvolume(runner, golden);
        await chmod(golden, 0o755);
      }
      for (const { path, mode } of directories) {
        await makeDirectoryDurably(path, mode);
        await chmod(path, mode);
      }
    },
  };
}
