import { basename } from 'node:path';
import type { ServiceEntry } from '@goldstream/component';
import { templateOf } from '@goldstream/system';
import type { InstalledComponent } from './installed-component.ts';
import type { UnitChanges } from './integration-plan.ts';
import type { Previous, SystemFacts } from './system-facts.ts';

/** From what the fate of units is decided. */
export interface UnitQuestion {
  readonly components: readonly InstalledComponent[];
  readonly previous: Previous;
  readonly system: SystemFacts;
  /** Units whose file is written after the switch; templates by their own name. */
  readonly written: ReadonlySet<string>;
  /** Whether drop-ins of ours are written; those say what a unit waits for at boot, so nothing restarts for them. */
  readonly dropInsWritten?: boolean;
  /** Whether any unit file or drop-in of ours goes. */
  readonly filesGone?: boolean;
  /** Units of which a process was seen to use the tree that is left, or that were stopped for the switch. */
  readonly holding: readonly string[];
}

/** What happens to units, which of them count as enabled by us, and what is left to the operator. */
export interface UnitDecision {
  readonly changes: UnitChanges;
  readonly enabled: readonly string[];
  /** Those that we had enabled and an operator disabled. */
  readonly disabled: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Decides about units.
 *
 * A running unit is restarted when its file changes, and a service also when anything in its component's folder differs
 * between the two versions or one of its processes uses the old tree. What an operator disabled, masked or stopped
 * stays so. Units without a file of ours are enabled and started, but stopped only if we had enabled them.
 */
export function planUnits(question: UnitQuestion): UnitDecision {
  const { system, previous, written, dropInsWritten = false, filesGone = false } = question;
  const enable = planEnabling(question);
  const disable = previous.enabled.filter((unit) => !enable.wanted.has(unit) && stateOf(system, unit) === 'enabled');
  const isChanged = written.size > 0 || dropInsWritten || filesGone || enable.now.length > 0 || disable.length > 0;
  const changes = { reload: system.daemon && isChanged, enable: enable.now, disable };
  const { ours: enabled, off: disabled } = enable;
  const nothing = { stop: [], restart: [], start: [] };
  if (!system.daemon) return { changes: { ...changes, ...nothing }, enabled, disabled, notes: enable.notes };

  const stop = unitsToStop(question);
  const restart = unitsToRestart(question, stop);
  const start = unitsToStart(question, restart);
  const notes = [...enable.notes, ...start.notes, ...restartNotes(question, restart)];
  return { changes: { ...changes, stop, restart, start: start.units }, enabled, disabled, notes };
}

/** The unit files that components bring. */
export function unitFilesOf(components: readonly InstalledComponent[]): readonly string[] {
  return components.flatMap(({ manifest }) =>
    manifest.files.filter(({ type }) => type === 'systemd-unit').map(({ target }) => basename(target)),
  );
}

/**
 * All units that have to do with components or with what was placed before.
 * @param instances what is loaded now of the templates among them
 */
export function unitsInvolved(
  components: readonly InstalledComponent[],
  previous: Previous,
  instances: readonly string[] = [],
): readonly string[] {
  const services = [...components, ...previous.components].flatMap(servicesOf).map(({ unit }) => unit);
  return [
    ...new Set([...services, ...unitFilesOf(components), ...placedUnits(previous), ...previous.enabled, ...instances]),
  ];
}

/** The templates among the unit files that components bring or brought. */
export function templatesInvolved(components: readonly InstalledComponent[], previous: Previous): readonly string[] {
  return [...new Set([...unitFilesOf(components), ...placedUnits(previous)])].filter(isTemplate);
}

const RUNNING = new Set(['active', 'reloading', 'activating', 'refreshing']);
const MASKED = new Set(['masked', 'masked-runtime']);

function planEnabling({ components, previous, system, written }: UnitQuestion) {
  const own = new Set(unitFilesOf(components));
  const wanted = new Set(
    components
      .flatMap(servicesOf)
      .filter(({ enable }) => enable)
      .map(({ unit }) => unit),
  );
  const before = new Set(previous.enabled);
  const wasOff = new Set(previous.disabled);
  const now: string[] = [];
  const ours: string[] = [];
  const notes: string[] = [];
  for (const unit of wanted) {
    const state = stateOf(system, unit);
    const isOwn = has(own, unit);
    // We enabled it, and now it is not: somebody has disabled it. A unit whose file was away is as it was then.
    const isOff = wasOff.has(unit) ? state !== 'enabled' : before.has(unit) && state === 'disabled';
    const isNew = !isOff && (state === 'not-found' ? isOwn : state === 'disabled');
    // A new file may have a new [Install] section.
    if (isNew || (state === 'enabled' && has(written, unit))) now.push(unit);
    if (isNew || before.has(unit) || (state === 'enabled' && isOwn)) ours.push(unit);
    if (state === 'not-found' && !isOwn) notes.push(`${unit} is not installed on this host and is left out`);
    else if (MASKED.has(state)) notes.push(`${unit} is masked on this host and stays so`);
    else if (isOff) notes.push(`${unit} was disabled on this host and stays so`);
  }
  return { wanted, now, ours, off: disabledUnits(previous, system), notes };
}

/** What an operator disabled stays known as long as nobody enables it, also while no version brings it. */
function disabledUnits({ enabled, disabled = [] }: Previous, system: SystemFacts): readonly string[] {
  const found = enabled.filter((unit) => stateOf(system, unit) === 'disabled');
  return [...new Set([...disabled.filter((unit) => stateOf(system, unit) !== 'enabled'), ...found])];
}

function unitsToStop({ components, previous, system }: UnitQuestion): readonly string[] {
  const kept = new Set([...components.flatMap(servicesOf).map(({ unit }) => unit), ...unitFilesOf(components)]);
  const gone = new Set([...placedUnits(previous), ...previous.enabled]);
  const stop = [...system.units.keys()].filter(
    (unit) => has(gone, unit) && !has(kept, unit) && isRunning(system, unit),
  );
  // What starts others first, or it would start them again.
  return [...stop.filter(isTrigger), ...stop.filter((unit) => !isTrigger(unit))];
}

function unitsToRestart(question: UnitQuestion, stop: readonly string[]): readonly string[] {
  const { components, system, written, holding } = question;
  const affected = components.flatMap((component) => {
    const isChanged = system.changed.has(component.manifest.component);
    const files = new Set(unitFilesOf([component]));
    const instances = [...system.units.keys()].filter((unit) => files.has(templateOf(unit) ?? ''));
    return [...servicesOf(component).map(({ unit }) => unit), ...files, ...instances].filter(
      (unit) => has(written, unit) || (isChanged && unit.endsWith('.service')),
    );
  });
  // systemd refuses to restart a socket alone while its service runs (systemd.socket(5)).
  const behindSockets = affected.filter(isSocket).map((socket) => socket.replace(/\.socket$/, '.service'));
  const holders = holding.filter((unit) => unit.endsWith('.service'));
  const running = [...affected, ...behindSockets].filter((unit) => isRunning(system, unit));
  return [...new Set([...running, ...holders])].filter(
    (unit) => !stop.includes(unit) && !isTemplate(unit) && !MASKED.has(stateOf(system, unit)),
  );
}

function unitsToStart({ components, previous, system }: UnitQuestion, restart: readonly string[]) {
  const own = new Set(unitFilesOf(components));
  const before = new Set(unitsInvolved([], previous));
  const units: string[] = [];
  const notes: string[] = [];
  for (const { unit, start } of components.flatMap(servicesOf)) {
    const state = stateOf(system, unit);
    const isThere = has(own, unit) || state !== 'not-found';
    if (!start || !isThere || MASKED.has(state) || isRunning(system, unit) || restart.includes(unit)) continue;
    if (previous.disabled?.includes(unit) === true && state !== 'enabled') continue;
    if (!before.has(unit) || system.units.get(unit)?.active === 'failed') units.push(unit);
    else notes.push(`${unit} is not running and is not started`);
  }
  return { units, notes };
}

function restartNotes({ holding }: UnitQuestion, restart: readonly string[]): readonly string[] {
  return [
    ...restart.filter(isSocket).map((unit) => `${unit} changes: connections to it are lost when it is restarted`),
    ...holding
      .filter((unit) => !unit.endsWith('.service'))
      .map((unit) => `processes of ${unit} keep using the old version until they end`),
  ];
}

function servicesOf({ manifest }: InstalledComponent): readonly ServiceEntry[] {
  return manifest.services;
}

function placedUnits({ placed }: Previous): readonly string[] {
  return placed.filter(({ kind }) => kind === 'unit').map(({ target }) => basename(target));
}

function stateOf({ units }: SystemFacts, unit: string): string {
  return units.get(unit)?.enabled ?? 'not-found';
}

function isRunning({ units }: SystemFacts, unit: string): boolean {
  return RUNNING.has(units.get(unit)?.active ?? 'inactive');
}

function isTrigger(unit: string): boolean {
  return /\.(?:socket|timer|path)$/.test(unit);
}

function isSocket(unit: string): boolean {
  return unit.endsWith('.socket');
}

/** A template has no state of its own: `a@.service`. */
function isTemplate(unit: string): boolean {
  return unit.includes('@.');
}

/** Whether a set of unit files has the one that a unit is loaded from: its own, or its template's. */
function has(files: ReadonlySet<string>, unit: string): boolean {
  return files.has(unit) || files.has(templateOf(unit) ?? '');
}
