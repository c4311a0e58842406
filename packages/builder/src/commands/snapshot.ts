import { formatBytes, plannedCommand } from '@goldstream/cli';
import { withLock } from '../pool/with-lock.ts';
import { gatherSnapshot } from '../snapshot/facts.ts';
import { demandSnapshot } from '../snapshot/find-snapshot.ts';
import { planSnapshot } from '../snapshot/plan-snapshot.ts';
import { snapshotHandlers } from '../snapshot/snapshot-handlers.ts';
import type { Tools } from '../tools.ts';
import { versionArgument } from './version-argument.ts';

export const snapshot = plannedCommand({
  name: 'snapshot',
  summary: 'Freeze golden as a version',
  examples: ['goldstream-builder snapshot v1.3.0', 'goldstream-builder snapshot v2.0.0-rc.1 --dry-run'],
  arguments: { version: versionArgument('version to make') },
  bracket: withLock,
  plan: async ({ version }, tools: Tools) => planSnapshot(await gatherSnapshot(tools, version), version),
  handlers: snapshotHandlers,
  result: async ({ version }, tools) => {
    const { path, record } = await demandSnapshot(tools, version);
    return { path, ...record };
  },
  render: ({ path, files, bytes, components, contentDigest }) =>
    `${path}: ${files} files, ${formatBytes(bytes)}, ${components.length} components, ${contentDigest}\n`,
});
