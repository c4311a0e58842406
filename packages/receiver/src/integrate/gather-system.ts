import type { Systemctl } from '@goldstream/system';
import { ReceiverError } from '../error.ts';
import { gatherSources } from './gather-sources.ts';
import type { InstalledComponent } from './installed-component.ts';
import { lookAtPlace } from './look-at-place.ts';
import { templatesInvolved, unitsInvolved } from './plan-units.ts';
import { resolveInside } from './resolve-inside.ts';
import type { Site } from './site.ts';
import type { Previous, SystemFacts, TargetFacts, UnitFacts } from './system-facts.ts';
import { treesDiffer } from './trees-differ.ts';
import { wantedBy } from './wanted-by.ts';

/**
 * Looks at everything that the integration of `components` would touch. Changes nothing.
 * @throws ReceiverError `TARGET_OUTSIDE_ROOT`, `TARGET_UNKNOWN_OWNER`, `DEPLOY_INCOMPLETE_TREE`
 */
export async function gatherSystem(
  { systemctl }: { readonly systemctl: Systemctl },
  site: Site,
  components: readonly InstalledComponent[],
  previous: Previous,
): Promise<SystemFacts> {
  const targets = new Set([
    ...wantedBy(site, components, new Map()).map(({ target }) => target),
    ...previous.placed.map(({ target }) => target),
  ]);
  const [targetFacts, sources, changed, units] = await Promise.all([
    mapEach([...targets], (target) => lookAtTarget(site, target)),
    gatherSources(site, components),
    changedComponents(components, previous.components),
    systemctl
      .instancesOf(templatesInvolved(components, previous))
      .then((instances) => lookAtUnits(systemctl, unitsInvolved(components, previous, instances))),
  ]);
  return { targets: targetFacts, sources, changed, units, daemon: systemctl.live };
}

async function lookAtTarget({ root, reserved }: Site, target: string): Promise<TargetFacts> {
  const { place, parent, missing } = await resolveInside(root, target);
  if (place === reserved || place.startsWith(`${reserved}/`)) {
    throw new ReceiverError('TARGET_OUTSIDE_ROOT', `${target} leads into ${reserved}, where only deployments are`, {
      hint: 'Look at the links in it, or give the file another target.',
    });
  }
  return { place, parent, missing, found: parent === 'present' ? await lookAtPlace(place) : { kind: 'absent' } };
}

/** Compares the components that are in both versions; of those that are new, nothing runs yet. */
async function changedComponents(
  components: readonly InstalledComponent[],
  before: readonly InstalledComponent[],
): Promise<ReadonlySet<string>> {
  const changed = new Set<string>();
  for (const { manifest, folder } of components) {
    const old = before.find((one) => one.manifest.component === manifest.component);
    if (old !== undefined && (await treesDiffer(old.folder, folder))) changed.add(manifest.component);
  }
  return changed;
}

async function lookAtUnits(systemctl: Systemctl, units: readonly string[]): Promise<ReadonlyMap<string, UnitFacts>> {
  const [enabled, active] = await Promise.all([systemctl.enabledStates(units), systemctl.activeStates(units)]);
  return new Map(
    units.map((unit) => [unit, { enabled: enabled.get(unit) ?? 'not-found', active: active.get(unit) ?? 'inactive' }]),
  );
}

async function mapEach<T>(keys: readonly string[], look: (key: string) => Promise<T>): Promise<ReadonlyMap<string, T>> {
  const map = new Map<string, T>();
  for (const key of keys) map.set(key, await look(key));
  return map;
}
