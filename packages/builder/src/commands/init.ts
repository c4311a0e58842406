import { formatBytes, plannedCommand } from '@goldstream/cli';
import { gatherPool } from '../pool/facts.ts';
import { initHandlers } from '../pool/init-handlers.ts';
import { planInit } from '../pool/plan-init.ts';
import { withLock } from '../pool/with-lock.ts';
import type { Tools } from '../tools.ts';

export const init = plannedCommand({
  name: 'init',
  summary: 'Make the Btrfs pool for golden and snapshots, or mount it again',
  examples: [
    'goldstream-builder init',
    'goldstream-builder init --size 64GiB',
    'goldstream-builder --app op-dbus init',
  ],
  options: {
    size: { type: 'size', summary: 'size a new loopback image may grow to', default: '16GiB' },
  },
  bracket: withLock,
  plan: async ({ size }, tools: Tools) => planInit(await gatherPool(tools), size),
  handlers: initHandlers,
  result: async (_, tools) => {
    const { layout, imageBytes } = await gatherPool(tools);
    return { pool: layout.pool, ...(imageBytes === undefined ? {} : { image: layout.image, imageBytes }) };
  },
  render: ({ pool, image, imageBytes }) =>
    `${pool} is ready, ${image === undefined ? 'a directory on Btrfs' : `mounted from ${image} (at most ${formatBytes(imageBytes ?? 0)})`}\n`,
});
