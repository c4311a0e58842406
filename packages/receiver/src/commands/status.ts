import { query } from '@goldstream/cli';
import { demandRoot } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { gatherStatus } from '../status/facts.ts';
import { renderStatus } from '../status/render-status.ts';
import { tellStatus } from '../status/tell-status.ts';

export const status = query({
  name: 'status',
  summary: 'Show what runs, what is here, and what needs attention',
  examples: ['goldstream-receiver status', 'goldstream-receiver status --json'],
  answer: async (_, tools: Tools) => {
    demandRoot();
    return tellStatus(await gatherStatus(tools));
  },
  render: renderStatus,
});
