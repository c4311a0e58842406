import { dirname } from 'node:path';
import { CodedError } from '@goldstream/errors';
import type { Plan } from '@goldstream/plan';
import type { HostFacts } from '../host/facts.ts';
import type { IntegrationPlan, IntegrationStep } from '../integrate/integration-plan.ts';
import { planIntegration } from '../integrate/plan-integration.ts';
import { CHANGES_RUNNING, tolerant } from '../recover/plan-again.ts';
import { leftoverSteps } from '../recover/plan-leftovers.ts';
import type { RecoverStep } from '../recover/step.ts';
import type { Action, UnitPower } from '../recover/table.ts';
import { CONCLUDE } from '../transaction/step.ts';
import { arrange } from './arrange.ts';
import type { PutBackFacts } from './put-back-facts.ts';
import { stagingSite } from './staging-site.ts';

/** What recovery knows beside the stage. */
export interface PutBackQuestion {
  readonly action: Action;
  readonly goal: string;
  readonly host: Pick<HostFacts, 'layout'>;
  readonly power: UnitPower;
  readonly allowSuid: boolean;
}

/**
 * Decides how a stage gets the tree that it had, with its links, files and units, and how what was made is taken away.
 * The same after a power cut and after a failure. Where somebody else has switched the stage, or where the older tree is
 * gone, everything stays as it is found.
 */
export function planPutBack(facts: PutBackFacts, question: PutBackQuestion): Plan<RecoverStep> {
  const { intent, from, made, emptyGroups, leftovers, isLinked } = facts;
  const { action, goal } = question;
  if (action === 'leave' || from === undefined) {
    const why = from === undefined ? 'the tree that it had is gone' : 'it links to another tree';
    return { goal, notes: [`${intent.stage} stays as it is: ${why}`], steps: [...leftoverSteps(leftovers), CONCLUDE] };
  }
  const says = `let ${intent.stage} be ${from.path} again`;
  const link: RecoverStep[] = isLinked ? [] : [{ kind: 'link-stage', says, stage: intent.stage, to: intent.from }];
  const { notes, steps } = placing(facts, question, link);
  return {
    goal,
    notes,
    steps: [
      ...steps,
      ...made.map((one) => ({
        kind: 'delete-tree' as const,
        says: `delete ${one.path}`,
        path: one.path,
        uuid: one.uuid,
        ...('purpose' in one ? { group: dirname(one.path) } : {}),
      })),
      ...(emptyGroups.length === 0
        ? []
        : [
            {
              kind: 'remove-empty-groups' as const,
              says: `remove ${emptyGroups.join(', ')}`,
              groups: emptyGroups,
            },
          ]),
      ...leftoverSteps(leftovers),
      CONCLUDE,
    ],
  };
}

/** Who goes back has nowhere else to go: what stands in the way is told, and left. */
function placing(
  { connection }: PutBackFacts,
  { host, power, allowSuid }: PutBackQuestion,
  link: readonly RecoverStep[],
): { readonly notes: readonly string[]; readonly steps: readonly RecoverStep[] } {
  try {
    if ('problem' in connection) throw connection.problem;
    const plan = planIntegration({ ...connection, site: stagingSite(host.layout), allowSuid });
    const isAllowed = (step: IntegrationStep) => power === 'all' || !CHANGES_RUNNING.has(step.kind);
    const allowed: Pick<IntegrationPlan, 'before' | 'after' | 'gone'> = {
      before: plan.before.filter(isAllowed),
      after: plan.after.filter(isAllowed),
      gone: plan.gone.filter(isAllowed),
    };
    const deployed = connection.components.length > 0;
    const steps = arrange<RecoverStep>(allowed, { link, proof: [], deployed });
    return { notes: plan.notes, steps: steps.map(tolerantly) };
  } catch (problem) {
    if (!(problem instanceof CodedError) && !(problem instanceof Error && 'syscall' in problem)) throw problem;
    return { notes: [`links, copies and units are left as they are: ${problem.message}`], steps: link };
  }
}

function tolerantly(step: RecoverStep): RecoverStep {
  return step.kind === 'restart-units' || step.kind === 'start-units' ? tolerant(step) : step;
}
