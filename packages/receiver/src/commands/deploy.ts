import { plannedCommand } from '@goldstream/cli';
import { deployHandlers } from '../deploy/deploy-handlers.ts';
import { planVersion } from '../deploy/plan-version.ts';
import { renderActive, tellActive } from '../deploy/tell-active.ts';
import { exclusively } from '../host/exclusively.ts';
import type { Tools } from '../host/tools.ts';
import { adopt, allowUnsigned, edits, sourceOptions, sourcesOf, version } from './options.ts';

export const deploy = plannedCommand({
  name: 'deploy',
  summary: 'Run a version: receive it, mount it, connect it to the system, switch',
  examples: [
    'goldstream-receiver deploy',
    'goldstream-receiver deploy v1.3.0',
    'goldstream-receiver deploy v1.3.0 --dry-run',
    'goldstream-receiver deploy v1.3.0 --adopt',
  ],
  arguments: {
    version: {
      ...version,
      optional: true,
      summary: 'version to run (default: the newest in the store that is not blocked)',
    },
  },
  options: { ...sourceOptions, allowUnsigned, adopt, edits },
  bracket: exclusively,
  plan: async (values, tools: Tools) =>
    planVersion(tools, {
      command: 'deploy',
      to: values.version,
      from: undefined,
      sources: sourcesOf(values),
      ...values,
    }),
  handlers: (tools) => tools.audit.announcing(deployHandlers(tools)),
  result: async (_, tools) => tellActive(tools),
  render: renderActive,
});
