import { basename } from 'node:path';
import type { Placed } from '../state/records.ts';
import { type Decided, demandFree, demandNoSetuid } from './demand-placeable.ts';
import type { InstalledComponent } from './installed-component.ts';
import type { IntegrationPlan, IntegrationStep, ReloadBus } from './integration-plan.ts';
import { placedByTarget } from './placed-by-target.ts';
import { planDirectories } from './plan-directories.ts';
import { keptAt, planGone } from './plan-gone.ts';
import { planTarget, type Wanted } from './plan-target.ts';
import { planUnits } from './plan-units.ts';
import { sameFound } from './same-found.ts';
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
  /** Whether what somebody else has at a target is kept, and taken over. Default: no. */
  readonly adopt?: boolean;
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
  const { site, system, previous, components, holding = [], allowSuid = false, adopt = false } = question;
  const wanted = wantedBy(site, components, system.sources);
  const ours = placedByTarget(previous.placed);
  const decided = wanted.map((one) => {
    const facts = factsOf(system, one.target);
    return { wanted: one, facts, decision: planTarget(one, facts, ours.get(one.target) ?? [], adopt) };
  });
  demandFree(decided);
  demandNoSetuid(decided, allowSuid);

  const placing = decided.flatMap((one) => stepsOf(site, one));
  // What replaces something would change what the running version uses; what is new in name changes nothing yet.
  const isEarly = (step: IntegrationStep) => step.kind === 'place-link' && step.over.kind === 'absent';
  const targets = new Set(wanted.map(({ target }) => target));
  const gone = planGone(
    site,
    previous.placed.filter(({ target }) => !targets.has(target)),
    system,
  );
  const directories = planDirectories(site, decided, previous.placed, system);
  const written = unitsWritten(decided);
  const units = planUnits({
    components,
    previous,
    system,
    holding,
    written,
    dropInsWritten: isPlaced(decided, 'drop-in'),
    filesGone: gone.units,
  });
  const steps = unitSteps(units.changes);
  const hasBusFiles = gone.dbus || isPlaced(decided, 'dbus');
  return {
    placed: [...decided.flatMap(recordsOf), ...directories.placed],
    enabled: units.enabled,
    disabled: units.disabled,
    before: [...directories.make, ...placing.filter(isEarly)],
    after: [
      ...placing.filter((step) => !isEarly(step)),
      ...steps.first,
      ...gone.read,
      ...(hasBusFiles ? [RELOAD_BUS] : []),
      ...steps.last,
    ],
    gone: [...gone.rest, ...directories.remove],
    units: units.changes,
    notes: [...decided.flatMap(noteOf), ...gone.notes, ...units.notes],
  };
}

/** Before any unit starts: it may need the policy for its name. */
const RELOAD_BUS: ReloadBus = { kind: 'reload-bus', says: 'make the system bus read its configuration again' };

function factsOf({ targets }: SystemFacts, target: string): TargetFacts {
  const facts = targets.get(target);
  if (facts === undefined) throw new TypeError(`the facts say nothing of ${target}`);
  return facts;
}

function stepsOf({ originals }: Site, { wanted, facts: { place }, decision }: Decided): readonly IntegrationStep[] {
  if (decision.kind !== 'place') return [];
  const { target, source, link } = wanted;
  const { over, placed } = decision;
  const verb = over.kind === 'absent' ? '' : 'anew ';
  const original = placed.adopted;
  const step: IntegrationStep =
    source === undefined
      ? { kind: 'place-link', says: `link ${verb}${target}`, target, place, text: link, over }
      : { kind: 'place-file', says: `copy ${verb}${target}`, target, place, source, over };
  if (original?.kind !== 'file' || !sameFound(over, original)) return [step];
  const kept = keptAt(originals, original);
  return [{ kind: 'keep-original', says: `keep what ${target} is as ${kept}`, target, place, original, kept }, step];
}

function unitsWritten(decided: readonly Decided[]): ReadonlySet<string> {
  const units = decided.filter(({ wanted, decision }) => wanted.type === 'systemd-unit' && decision.kind === 'place');
  return new Set(units.map(({ wanted }) => basename(wanted.target)));
}

function isPlaced(decided: readonly Decided[], type: Wanted['type']): boolean {
  return decided.some(({ wanted, decision }) => wanted.type === type && decision.kind === 'place');
}

function recordsOf({ decision }: Decided): readonly Placed[] {
  return decision.kind === 'keep' || decision.kind === 'place' ? [decision.placed] : [];
}

function noteOf({ decision }: Decided): readonly string[] {
  return 'note' in decision && decision.note !== undefined ? [decision.note] : [];
}
