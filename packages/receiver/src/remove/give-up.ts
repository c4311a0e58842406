import type { Layout } from '../host/layout.ts';
import type { Tools } from '../host/tools.ts';
import { gatherSystem } from '../integrate/gather-system.ts';
import { planIntegration } from '../integrate/plan-integration.ts';
import { deploymentSite } from '../integrate/site.ts';
import type { Previous, SystemFacts } from '../integrate/system-facts.ts';
import type { IntentOf } from '../state/intent.ts';
import type { ForgetStage, GiveUpStep } from './step.ts';

/** What is on the system of everything that is given up. */
export interface GiveUpFacts {
  readonly intent: IntentOf<'removing'>;
  readonly system: SystemFacts;
}

/** How everything is given up. */
export interface GiveUpPlan {
  readonly notes: readonly string[];
  readonly steps: readonly GiveUpStep[];
  /** Units that are stopped. */
  readonly stops: readonly string[];
}

/** Looks at every place where something was placed. Changes nothing. */
export async function gatherGiveUp(tools: Tools, intent: IntentOf<'removing'>): Promise<GiveUpFacts> {
  return { intent, system: await gatherSystem(tools, deploymentSite(tools.layout), [], previousOf(intent)) };
}

/**
 * Decides how a host gets rid of everything that deployments and stages have placed: the integration of nothing. What
 * was changed since is kept and named; what somebody else had is put back. The same again after an interruption.
 */
export function planGiveUp({ layout }: { readonly layout: Layout }, { intent, system }: GiveUpFacts): GiveUpPlan {
  const previous = previousOf(intent);
  const plan = planIntegration({ site: deploymentSite(layout), components: [], previous, system });
  const forget = intent.stages.map(
    ({ stage, tree }): ForgetStage => ({
      kind: 'forget-stage',
      says: `note that ${stage} is not deployed`,
      stage,
      tree,
    }),
  );
  return {
    notes: plan.notes,
    stops: plan.units.stop,
    steps: [...plan.after, ...plan.gone, { kind: 'activate-nothing', says: 'make nothing active' }, ...forget],
  };
}

function previousOf({ placed, enabled, disabled }: IntentOf<'removing'>): Previous {
  return { placed, enabled, disabled, components: [] };
}
