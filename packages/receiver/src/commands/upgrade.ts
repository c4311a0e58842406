import { plannedCommand } from '@goldstream/cli';
import { deployHandlers } from '../deploy/deploy-handlers.ts';
import { planVersion } from '../deploy/plan-version.ts';
import { renderActive, tellActive } from '../deploy/tell-active.ts';
import { ReceiverError } from '../error.ts';
import { exclusively } from '../host/exclusively.ts';
import { gatherHost } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { adopt, edits, sourceOptions, sourcesOf, version } from './options.ts';

export const upgrade = plannedCommand({
  name: 'upgrade',
  summary: 'Go from the active version to a newer one',
  examples: [
    'goldstream-receiver upgrade',
    'goldstream-receiver upgrade v1.3.0',
    'goldstream-receiver upgrade v1.2.3 v1.3.0',
  ],
  arguments: {
    from: { ...version, optional: true, summary: 'version that must be active now' },
    to: { ...version, optional: true, summary: 'version to run (default: what the channel leads to)' },
  },
  options: { ...sourceOptions, adopt, edits },
  bracket: exclusively,
  plan: async (values, tools: Tools) => {
    tools.audit.undertake({ event: 'refusal', subject: { command: 'upgrade' } });
    const { active } = await gatherHost(tools.layout);
    if (active === undefined) {
      throw new ReceiverError('DEPLOY_NOTHING_ACTIVE', 'nothing is deployed, so there is nothing to upgrade', {
        hint: `Run goldstream-receiver deploy ${values.to ?? values.from ?? ''}`.trim(),
      });
    }
    // A single word is where to, not where from.
    const [from, to] = values.to === undefined ? [undefined, values.from] : [values.from, values.to];
    return planVersion(tools, {
      command: 'upgrade',
      from,
      to,
      sources: sourcesOf(values),
      allowUnsigned: false,
      adopt: values.adopt,
      edits: values.edits,
    });
  },
  handlers: (tools) => tools.audit.announcing(deployHandlers(tools)),
  result: async (_, tools) => tellActive(tools),
  render: renderActive,
});
