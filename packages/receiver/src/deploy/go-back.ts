import { executePlan, PlanError } from '@goldstream/plan';
import { processesOn, removeDurably } from '@goldstream/system';
import { gatherHost } from '../host/facts.ts';
import type { Tools } from '../host/tools.ts';
import { gatherSystem } from '../integrate/gather-system.ts';
import { integrationHandlers } from '../integrate/integration-handlers.ts';
import { planIntegration } from '../integrate/plan-integration.ts';
import { readComponents } from '../integrate/read-components.ts';
import { deploymentSite } from '../integrate/site.ts';
import { writeDeploymentRecord } from '../state/store-records.ts';
import { previousOf } from './facts.ts';
import { isService } from './plan-holders.ts';
import type { Switch } from './step.ts';
import { switchDeployment } from './switch.ts';

/**
 * Goes back from a deployment that failed its trial: it is noted as bad and its version as blocked (durably, before the
 * rename), `current` is renamed back to the old deployment with its own writable layer, and what was placed on the
 * system becomes the old deployment's again; units that were `stopped` for the switch start again. After a first deployment that failed, nothing is active and nothing placed.
 */
export async function goBack(
  tools: Tools,
  { from, to }: Switch,
  { cause, stopped }: { readonly cause: unknown; readonly stopped: readonly string[] },
): Promise<void> {
  const { layout, io, config } = tools;
  const host = await gatherHost(layout);
  const failed = host.deployments.find(({ number }) => number === to);
  const old = host.deployments.find(({ number }) => number === from);
  if (failed === undefined) return;
  const reason = reasonOf(cause);
  io.warn(`${failed.version} failed (${reason}): going back to ${old === undefined ? 'nothing' : old.version}`);
  await writeDeploymentRecord(layout, { ...failed, state: 'bad', blocked: { at: tools.now().toISOString(), reason } });

  // The old tree first: whatever stops what follows, the host runs what it ran before.
  if (old === undefined) {
    await removeDurably(layout.current);
  } else {
    const { version } = old;
    // Nothing is carried over from the failed deployment, so nobody has to stop writing to it first.
    await switchDeployment(tools, { from: undefined, to: old.number, version, upper: { kind: 'own' } });
  }
  const site = deploymentSite(layout);
  const left = await previousOf(tools, { ...host, active: failed });
  const previous = { ...left, placed: [...(old?.placed ?? []), ...left.placed] };
  const components = old === undefined ? [] : await readComponents(layout.version(old.version));
  const system = await gatherSystem(tools, site, components, previous);
  const holding = [...new Set([...stopped, ...(await unitsLeftBehind(tools, to))])];
  const { before, after, gone } = planIntegration({
    site,
    components,
    system,
    previous,
    holding,
    allowSuid: config.allow.suid,
  });
  await executePlan(
    { goal: 'have the old files and units', steps: [...before, ...after, ...gone] },
    integrationHandlers(tools, site),
  );
}

/** What went wrong, without the steps in which it did. */
function reasonOf(cause: unknown): string {
  if (cause instanceof PlanError) return reasonOf(cause.cause);
  return cause instanceof Error ? cause.message : String(cause);
}

/** Units that were started from the tree that is left, and must start again from the old one. */
async function unitsLeftBehind({ layout, systemctl }: Tools, number: number): Promise<readonly string[]> {
  if (!systemctl.live) return [];
  const processes = await processesOn(layout.deployment(number).root);
  return processes.flatMap(({ unit }) => (unit !== undefined && isService(unit) ? [unit] : []));
}
