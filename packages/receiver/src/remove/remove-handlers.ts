import { rm } from 'node:fs/promises';
import type { Handlers } from '@goldstream/plan';
import { removeDurably, unmount } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { kindAt, readFileFacts } from '../integrate/look-at-place.ts';
import { removeEmptyDirectory } from '../integrate/remove-empty-directory.ts';
import { pruneHandlers } from '../prune/prune-handlers.ts';
import { giveUpHandlers } from './give-up-handlers.ts';
import { giveLockBack } from './held-lock.ts';
import type { RemoveStep } from './step.ts';

/** How each step of `remove` is done; each can be done again. */
export function removeHandlers(tools: Tools): Handlers<RemoveStep> {
  const { runner, layout, audit } = tools;
  const { 'remove-deployment': removeDeployment, 'delete-version': deleteVersion } = pruneHandlers(tools);
  return {
    ...giveUpHandlers(tools),
    unmount: ({ at }) => unmount(runner, at),
    'remove-own-file': async ({ path, sha256 }) => {
      if ((await kindAt(path)) === 'file' && (await readFileFacts(path)).sha256 === sha256) await removeDurably(path);
    },
    'remove-own-directories': async ({ paths }) => {
      for (const path of paths) await removeEmptyDirectory(path);
    },
    'remove-deployment': removeDeployment,
    'delete-version': deleteVersion,
    'record-removed': async ({ kept }) => {
      await audit.record({ event: 'remove', subject: {}, outcome: { kind: 'done' }, details: { kept: [...kept] } });
      await audit.told();
      await removeDurably(layout.prepared);
    },
    'close-pool': async ({ pool, isMounted, erased, directories }) => {
      await giveLockBack(tools);
      if (isMounted) await unmount(runner, pool);
      for (const path of erased) await rm(path, { recursive: true, force: true });
      for (const path of directories) await removeEmptyDirectory(path);
    },
  };
}
