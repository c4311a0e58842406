import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '@goldstream/errors';
import type { Handlers } from '@goldstream/plan';
import { mountAt } from '@goldstream/system';
import type { Layout } from '../host/layout.ts';
import type { Tools } from '../host/tools.ts';
import { mountActive, recoverAtBoot } from '../recover/at-boot.ts';
import type { BootStep } from './plan-boot.ts';

/** How the steps of a start are done. */
export function bootHandlers(tools: Tools): Handlers<BootStep> {
  const { layout, io } = tools;
  return {
    'mount-active': async () => {
      try {
        await mountActive(tools);
        if ((await activeRoot(layout)) === undefined) io.say('nothing is deployed: nothing to mount');
      } catch (error) {
        // Services need the mount and nothing else; what failed is tried again when the host is up, and tells there.
        if (!(await isActiveMounted(layout))) throw error;
        io.warn(`what is active is mounted, but: ${describeError(error).trimEnd()}`);
      }
    },
    'recover-late': async () => {
      const { steps } = await recoverAtBoot(tools);
      if (steps.length === 0) io.say('nothing was on trial');
    },
  };
}

async function isActiveMounted(layout: Layout): Promise<boolean> {
  const root = await activeRoot(layout);
  return root !== undefined && (await mountAt(root)) !== undefined;
}

/** Where what `current` names is mounted, or would be. */
async function activeRoot({ pool, current }: Layout): Promise<string | undefined> {
  const link = await readlink(current).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return link === undefined ? undefined : join(pool, link, 'root');
}
