import { basename, dirname } from 'node:path';
import { type Decided, demandFree, demandNoSetuid } from './demand-placeable.ts';
import type { InstalledComponent } from './installed-component.ts';
import type { IntegrationPlan, IntegrationStep, MakeDirectory } from './integration-plan.ts';
import { placedByTarget } from './placed-by-target.ts';
import { planGone } from './plan-gone.ts';
import { planTarget } from './plan-target.ts';
import { planUnits } from './plan-units.ts';
import type { Site } from './site.ts';
import type { Previous, SystemFacts, TargetFacts } from './system-facts.ts';
import { unitSteps } from './unit-steps.ts';
import { wantedBy } from './wanted-by.ts';

/** What is to be connected to the system, and to what of it. */
export interface IntegrationQuestion {
  readonly site: Site;
  /** Of the version that becomes active, in deployment order. */
  readonly components: readonly InstalledComponent[];
  readonly previous: Previous;
  readonly system: SystemFacts;
  /** Whether copies may be set-uid or set-gid. Default: no. */
  readonly allowSuid?: boolean;
  /** Units of which a process uses the tree that is left, or that are stopped for the switch: restarted after it. */
  readonly holding?: readonly string[];
}

/**
 * Decides how a version is connected to the system, forward and back alike: a rollback is the integration of the older
 * components with what the newer ones placed as `previous`.
 *
 * With `previous` being what this plan says was placed, and its steps taken, the next plan is empty.
 * @throws ReceiverError `TARGET_CONFLICT` naming every target that is not free, or `TARGET_SETUID`
 */
export function planIntegration(question: IntegrationQuestion): IntegrationPlan {
  const { site, system, previous, components, holding = [], allowSuid = false } = question;
  const wanted = wantedBy(site, components, system.sources);
  const ours = placedByTarget(previous.placed);
  const decided = wanted.map((one) => {
    const facts = factsOf(system, one.target);
    return { wanted: one, facts, decision: planTarget(one, facts, ours.get(one.target) ?? []) };
  });
  demandFree(decided);
  demandNoSetuid(decided, allowSuid);

  const placing = decided.flatMap(stepOf);
  // What replaces something would change what the running version uses; what is new in name changes nothing yet.
  const isEarly = (step: IntegrationStep) => step.kind === 'place-link' && step.over.kind === 'absent';
  const targets = new Set(wanted.map(({ target }) => target));
  const gone = planGone(
    previous.placed.filter(({ target }) => !targets.has(target)),
    system,
  );
  const written = unitsWritten(decided);
  const dropInsWritten = decided.some(
    ({ wanted: { type }, decision }) => type === 'drop-in' && decision.kind === 'place',
  );
  const units = planUnits({ components, previous, system, holding, written, dropInsWritten });
  const steps = unitSteps(units.changes, gone.reload && system.daemon);
  return {
    placed: decided.flatMap(({ decision }) => (decision.kind === 'conflict' ? [] : decision.placed)),
    enabled: units.enabled,
    before: [...directoriesFor(decided), ...placing.filter(isEarly)],
    after: [...placing.filter((step) => !isEarly(step)), ...steps.after],
    gone: [...steps.goneFirst, ...gone.steps, ...steps.goneLast],
    units: units.changes,
    notes: [...decided.flatMap(noteOf), ...gone.notes, ...units.notes],
  };
}

function factsOf({ targets }: SystemFacts, target: string): TargetFacts {
  const facts = targets.get(target);
  if (facts === undefined) throw new TypeError(`the facts say nothing of ${target}`);
  return facts;
}

function stepOf({ wanted, facts: { place }, decision }: Decided): readonly IntegrationStep[] {
  if (decision.kind !== 'place') return [];
  const { target, source, link } = wanted;
  const { over } = decision;
  const verb = over.kind === 'absent' ? '' : 'anew ';
  return source === undefined
    ? [{ kind: 'place-link', says: `link ${verb}${target}`, target, place, text: link, over }]
    : [{ kind: 'place-file', says: `copy ${verb}${target}`, target, place, source, over }];
}

function directoriesFor(decided: readonly Decided[]): readonly MakeDirectory[] {
  const missing = decided.filter(({ facts, decision }) => decision.kind === 'place' && facts.parent === 'missing');
  const byPlace = new Map(missing.map(({ wanted, facts }) => [dirname(facts.place), dirname(wanted.target)]));
  return [...byPlace].map(([place, target]) => ({
    kind: 'make-directory',
    says: `make the directory ${target}`,
    target,
    place,
  }));
}

function unitsWritten(decided: readonly Decided[]): ReadonlySet<string> {
  const units = decided.filter(({ wanted, decision }) => wanted.type === 'systemd-unit' && decision.kind === 'place');
  return new Set(units.map(({ wanted }) => basename(wanted.target)));
}

function noteOf({ decision }: Decided): readonly string[] {
  return decision.kind === 'keep' && decision.note !== undefined ? [decision.note] : [];
}
