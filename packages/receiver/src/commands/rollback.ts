import { plannedCommand } from '@goldstream/cli';
import { deployHandlers } from '../deploy/deploy-handlers.ts';
import { gatherDeploy } from '../deploy/facts.ts';
import { planDeploy } from '../deploy/plan-deploy.ts';
import { renderActive, tellActive } from '../deploy/tell-active.ts';
import { exclusively } from '../host/exclusively.ts';
import { gatherHost } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { chooseRollback, planRollbackWithState, planStaying } from '../rollback/plan-rollback.ts';
import { version } from './options.ts';

export const rollback = plannedCommand({
  name: 'rollback',
  summary: 'Go back to a version that was good on this host, at once',
  examples: [
    'goldstream-receiver rollback',
    'goldstream-receiver rollback v1.2.3',
    'goldstream-receiver rollback --with-state',
  ],
  arguments: { to: { ...version, optional: true, summary: 'version to go back to (default: the one before)' } },
  options: {
    withState: { type: 'boolean', summary: 'also take back what was written since, instead of keeping it' },
  },
  bracket: exclusively,
  plan: async ({ to, withState }, tools: Tools) => {
    const { audit } = tools;
    audit.undertake({
      event: 'refusal',
      subject: { command: 'rollback', ...(to === undefined ? {} : { version: to }) },
    });
    const host = await gatherHost(tools.layout);
    const staying = planStaying(host, to);
    if (staying !== undefined) return staying;
    const target = chooseRollback(host, to);
    const { version } = target.to;
    audit.undertake({ event: 'rollback', subject: { version, from: target.active.version } });
    audit.specify({
      manifestSha256: host.records.get(version)?.manifestSha256,
      deployment: withState ? target.to.number : host.nextNumber,
    });
    const facts = await gatherDeploy(tools, version, host);
    return withState ? planRollbackWithState(facts, target) : planDeploy(facts, { kind: 'rollback' });
  },
  handlers: (tools) => tools.audit.announcing(deployHandlers(tools)),
  result: async (_, tools) => tellActive(tools),
  render: renderActive,
});
