import { query } from '@goldstream/cli';
import { demandRoot } from '@goldstream/system';
import { gatherBackups } from '../backup/found-backup.ts';
import { renderBackups, tellBackups } from '../backup/tell-backups.ts';
import type { Tools } from '../host/tools.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';

export const backupList = query({
  name: 'list',
  summary: 'List what was kept of the shared state when deployments were left',
  examples: ['goldstream-receiver backup list', 'goldstream-receiver backup list --json'],
  answer: async (_, tools: Tools) => {
    demandRoot();
    await demandPrepared(tools.layout);
    return tellBackups(await gatherBackups(tools));
  },
  render: renderBackups,
});
