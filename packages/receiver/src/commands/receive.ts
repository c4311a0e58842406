import { plannedCommand } from '@goldstream/cli';
import { exclusively } from '../host/exclusively.ts';
import type { Tools } from '../host/tools.ts';
import { gatherReceive } from '../receive/facts.ts';
import { planReceive } from '../receive/plan-receive.ts';
import { receiveHandlers } from '../receive/receive-handlers.ts';
import { allowUnsigned, sourceOptions, sourcesOf, version } from './options.ts';

export const receive = plannedCommand({
  name: 'receive',
  summary: 'Receive a version next to the active one, and nothing more',
  examples: ['goldstream-receiver receive v1.3.0', 'goldstream-receiver receive v1.3.0 --dry-run'],
  arguments: { version: { ...version, summary: 'version to receive' } },
  options: { ...sourceOptions, allowUnsigned },
  bracket: exclusively,
  plan: async (values, tools: Tools) =>
    planReceive(await gatherReceive(tools, values.version, sourcesOf(values)), values),
  handlers: receiveHandlers,
  result: async (values) => ({ version: values.version }),
  render: (result) => `${result.version} is received\n`,
});
