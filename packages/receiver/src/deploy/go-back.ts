import { executePlan } from '@goldstream/plan';
import { removeDurably } from '@goldstream/system';
import { gatherHost } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { gatherSystem } from '../integrate/gather-system.ts';
import { integrationHandlers } from '../integrate/integration-handlers.ts';
import { planIntegration } from '../integrate/plan-integration.ts';
import { readComponents } from '../integrate/read-components.ts';
import { deploymentSite } from '../integrate/site.ts';
import { writeDeploymentRecord } from '../state/store-records.ts';
import { previousOf } from './facts.ts';
import type { Switch } from './step.ts';
import { switchDeployment } from './switch.ts';

/**
 * Goes back from a deployment that failed its trial: it is noted as bad and its version as blocked (durably, before the
 * rename), `current` is renamed back to the old deployment with its own writable layer, and what was placed on the
 * system becomes the old deployment's again. After a first deployment that failed, nothing is active and nothing placed.
 */
export async function goBack(tools: Tools, { from, to }: Switch, cause: unknown): Promise<void> {
  const { layout, io } = tools;
  const host = await gatherHost(layout);
  const failed = host.deployments.find(({ number }) => number === to);
  const old = host.deployments.find(({ number }) => number === from);
  if (failed === undefined) return;
  io.warn(`${failed.version} failed: going back to ${old === undefined ? 'nothing' : old.version}`);
  const reason = cause instanceof Error ? cause.message : String(cause);
  await writeDeploymentRecord(layout, { ...failed, state: 'bad', blocked: { at: tools.now().toISOString(), reason } });

  const site = deploymentSite(layout);
  const left = await previousOf(tools, { ...host, active: failed });
  const previous = { ...left, placed: [...(old?.placed ?? []), ...left.placed] };
  const components = old === undefined ? [] : await readComponents(layout.version(old.version));
  const system = await gatherSystem(tools, site, components, previous);
  const { before, after, gone } = planIntegration({ site, components, system, previous });
  const handlers = integrationHandlers(tools, site);
  await executePlan({ goal: 'have the old links', steps: before }, handlers);
  if (old === undefined) {
    await removeDurably(layout.current);
  } else {
    const { version } = old;
    await switchDeployment(tools, {
      kind: 'switch',
      says: '',
      from: to,
      to: old.number,
      version,
      upper: { kind: 'own' },
    });
  }
  await executePlan({ goal: 'have the old files and units', steps: [...after, ...gone] }, handlers);
}
