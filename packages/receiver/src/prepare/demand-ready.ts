import { access } from 'node:fs/promises';
import { demandBtrfs, demandRoot, demandTools } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import type { Layout } from '../host/layout.ts';
import type { Tools } from '../host/tools.ts';

/** Refuses to go on where nothing was prepared: the pool may simply not be mounted, and nothing may be made inside its mount point. */
export async function demandPrepared({ state, pool, application }: Layout): Promise<void> {
  const there = await access(state).then(
    () => true,
    () => false,
  );
  if (there) return;
  throw new ReceiverError(
    'HOST_NOT_PREPARED',
    `${pool} is not prepared for ${application}, or its pool is not mounted`,
    {
      hint: `Run goldstream-receiver --app ${application} prepare`,
    },
  );
}

/** Refuses to change a host on which that cannot work: not root, btrfs-progs missing or too old, no pool, no usable Btrfs. */
export async function demandReady({ runner, layout }: Tools): Promise<void> {
  demandRoot();
  await Promise.all([demandPrepared(layout), demandTools(runner, ['btrfs'])]);
  await demandBtrfs(layout.deploy);
}
