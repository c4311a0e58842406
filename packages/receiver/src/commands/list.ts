import { query } from '@goldstream/cli';
import { demandRoot } from '@goldstream/system';
import type { Tools } from '../host/tools.ts';
import { renderVersions } from '../list/render-versions.ts';
import { tellVersions } from '../list/tell-versions.ts';
import { demandPrepared } from '../prepare/demand-ready.ts';

export const list = query({
  name: 'list',
  summary: 'List the versions of the store and of this host',
  examples: ['goldstream-receiver list', 'goldstream-receiver list --store dir:/srv/releases --json'],
  options: { store: { type: 'string', placeholder: 'url', summary: 'another store than the configured one' } },
  answer: async (values, tools: Tools) => {
    demandRoot();
    await demandPrepared(tools.layout);
    return tellVersions(tools, values);
  },
  render: renderVersions,
});
