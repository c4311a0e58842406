import { plannedCommand, timeoutOption } from '@goldstream/cli';
import { exclusively } from '../host/exclusively.ts';
import type { Tools } from '../host/tools.ts';
import { gatherRepair } from '../repair/facts.ts';
import { planRepair } from '../repair/plan-repair.ts';
import { repairHandlers } from '../repair/repair-handlers.ts';
import { from, sourceOptions, sourcesOf, version } from './options.ts';

export const repair = plannedCommand({
  name: 'repair',
  summary: 'Receive a version again that is not what was released any more, and put it in its place',
  examples: ['goldstream-receiver repair v1.3.0', 'goldstream-receiver repair v1.3.0 --dry-run'],
  arguments: { version: { ...version, summary: 'version to repair' } },
  options: { ...sourceOptions, from, timeout: timeoutOption },
  bracket: exclusively,
  plan: async (values, tools: Tools) => {
    tools.audit.undertake({ event: 'repair', subject: { version: values.version } });
    const facts = await gatherRepair(tools, values.version, { ...sourcesOf(values), from: values.from });
    tools.audit.specify({ manifestSha256: facts.record.manifestSha256 });
    return planRepair(facts, values);
  },
  handlers: (tools) => tools.audit.announcing(repairHandlers(tools)),
  result: async (values) => ({ version: values.version }),
  render: (result) => `${result.version} is what was released\n`,
});
