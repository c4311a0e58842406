import { chmod } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Handlers } from '@goldstream/plan';
import { createPoolImage, demandBtrfs, makeDirectoryDurably, mountPoolImage, writeDurably } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { writeRecord } from '../state/store-records.ts';
import type { PrepareStep } from './plan-prepare.ts';
import { recordPrepared } from './record-prepared.ts';

/** How each step of `prepare` is done. */
export function prepareHandlers(tools: Tools): Handlers<PrepareStep> {
  const { runner, systemctl, layout } = tools;
  return {
    'make-pool-image': async ({ image, bytes }) => createPoolImage(runner, image, bytes),
    'mount-pool': async ({ image, at }) => {
      await mountPoolImage(runner, image, at);
      await demandBtrfs(at);
    },
    'write-file': async ({ path, content, mode }) => {
      await makeDirectoryDurably(dirname(path));
      await writeDurably(path, content, mode);
    },
    'enable-unit': async ({ unit }) => {
      await systemctl.enable([unit]);
      await systemctl.daemonReload();
    },
    'start-unit': async ({ unit }) => systemctl.start([unit]),
    'make-directory': async ({ path, mode }) => {
      await makeDirectoryDurably(path, mode);
      // The umask may have taken bits away.
      await chmod(path, mode);
    },
    'note-prepared': ({ prepared }) => writeRecord(layout.prepared, prepared),
    'record-prepared': async ({ did }) => recordPrepared(tools, did),
  };
}
