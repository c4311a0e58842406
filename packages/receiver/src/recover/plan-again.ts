import { CodedError } from '@goldstream/errors';
import type { IntegrationStep } from '../integrate/integration-plan.ts';
import { planIntegration } from '../integrate/plan-integration.ts';
import { deploymentSite } from '../integrate/site.ts';
import type { SystemFacts } from '../integrate/system-facts.ts';
import type { DeploymentRecord } from '../state/records.ts';
import type { Meeting, RecoverFacts } from './facts.ts';
import type { RecoverStep } from './step.ts';

/** How a deployment is connected to the system once more. */
export interface Again extends Pick<DeploymentRecord, 'placed' | 'enabled' | 'disabled'> {
  readonly notes: readonly string[];
  /** Links, copies and units that it needs. */
  readonly placing: readonly RecoverStep[];
  /** What only the other deployment had. */
  readonly gone: readonly RecoverStep[];
  /** The services that shall run, as far as the operator lets them. Empty where no systemd runs. */
  readonly services: readonly string[];
  /** Starts units, unless services are not started yet. */
  start(units: readonly string[]): RecoverStep[];
}

/**
 * Plans the integration of what runs afterwards. At boot no unit is stopped or restarted, because none has run from the
 * tree that is left, and before services start none is started.
 * @throws CodedError what stands in the way of a trial; whoever goes back goes back all the same, and it is noted
 */
export function planAgain(facts: RecoverFacts): Again {
  const { meeting, decision, parties, power, host, allowSuid } = facts;
  const nothing = {
    placed: parties.runs?.placed ?? [],
    enabled: parties.runs?.enabled ?? [],
    disabled: parties.runs?.disabled,
    placing: [],
    gone: [],
  };
  const start = (daemon: boolean) => (units: readonly string[]) => startSteps(daemon, facts, units);
  if (meeting === undefined) return { ...nothing, notes: [], services: [], start: start(false) };
  try {
    if ('problem' in meeting) throw meeting.problem;
    const { system } = meeting;
    const plan = planIntegration({ ...meeting, site: deploymentSite(host.layout), allowSuid });
    const adapt = decision.action === 'finish' ? (step: IntegrationStep) => step : tolerant;
    const isAllowed = (step: IntegrationStep) => power === 'all' || !CHANGES_RUNNING.has(step.kind);
    return {
      placed: [...plan.placed],
      enabled: [...plan.enabled],
      disabled: [...plan.disabled],
      notes: plan.notes,
      placing: [...plan.before, ...plan.after].filter(isAllowed).map(adapt),
      gone: plan.gone.filter(isAllowed),
      services: system.daemon ? wantedServices(meeting, system) : [],
      start: start(system.daemon),
    };
  } catch (problem) {
    if (decision.action === 'finish' || !isExpected(problem)) throw problem;
    const notes = [`links, copies and units are left as they are: ${problem.message}`];
    return { ...nothing, notes, services: [], start: start('system' in meeting && meeting.system.daemon) };
  }
}

/** Units that were stopped for a switch; since the host was started, what shall run is told by its units alone. */
export function stopsOf({ host, power }: RecoverFacts): readonly string[] {
  if (power !== 'all') return [];
  const intent = host.pending?.intent;
  return intent?.kind === 'switching' || intent?.kind === 'returning' ? intent.stops : [];
}

/** What is not done to units before services are started, nor when they came up with what shall run. */
export const CHANGES_RUNNING: ReadonlySet<IntegrationStep['kind']> = new Set([
  'stop-units',
  'restart-units',
  'start-units',
]);

function startSteps(daemon: boolean, { power, decision }: RecoverFacts, units: readonly string[]): RecoverStep[] {
  if (!daemon || units.length === 0 || power === 'none') return [];
  const step = { kind: 'start-units' as const, says: `start ${units.join(', ')}`, units };
  return [decision.action === 'finish' ? step : tolerant(step)];
}

/** The same, but that units which do not come up are told: only a trial that is finished fails with its units. */
export function tolerant(step: IntegrationStep): RecoverStep {
  if (step.kind !== 'restart-units' && step.kind !== 'start-units') return step;
  const { says, units } = step;
  return { kind: 'try-units', says, verb: step.kind === 'start-units' ? 'start' : 'restart', units };
}

/** What an operator disabled or masked stays so, and what is not installed cannot be started. */
const NOT_STARTED = new Set(['disabled', 'masked', 'masked-runtime', 'not-found']);

function wantedServices({ components }: Meeting, { units }: SystemFacts): readonly string[] {
  const wanted = components.flatMap(({ manifest }) => manifest.services.filter(({ start }) => start));
  return wanted.flatMap(({ unit }) => (NOT_STARTED.has(units.get(unit)?.enabled ?? 'not-found') ? [] : [unit]));
}

function isExpected(error: unknown): error is Error {
  return error instanceof CodedError || (error instanceof Error && 'syscall' in error);
}
