import { ComponentError } from './error.ts';
import type { ComponentManifest } from './manifest.ts';
import { nearestWord } from './nearest-word.ts';

/**
 * The components in the order they are deployed: each after those it depends on, and else by stage number, then by name.
 * The result does not depend on the order given.
 * @throws ComponentError `COMPONENT_NAME_TWICE`, `COMPONENT_DEPENDENCY_MISSING`, `COMPONENT_DEPENDENCY_CYCLE`
 */
export function orderComponents(manifests: readonly ComponentManifest[]): readonly ComponentManifest[] {
  const byName = index(manifests);
  const waiting = new Map([...byName].map(([name, manifest]) => [name, dependenciesOf(manifest, byName)]));
  const candidates = [...manifests].sort(byStageThenName);
  const ordered: ComponentManifest[] = [];
  while (waiting.size > 0) {
    const next = candidates.find(({ component }) => waiting.has(component) && isReady(component, waiting));
    if (next === undefined) throw cycleError(waiting, byName);
    ordered.push(next);
    waiting.delete(next.component);
  }
  return ordered;
}

type Waiting = ReadonlyMap<string, readonly string[]>;

function index(manifests: readonly ComponentManifest[]): ReadonlyMap<string, ComponentManifest> {
  const byName = new Map<string, ComponentManifest>();
  for (const manifest of manifests) {
    const earlier = byName.get(manifest.component);
    if (earlier !== undefined) {
      const message = `${manifest.file}: the component ${manifest.component} is described in ${earlier.file} already`;
      throw new ComponentError('COMPONENT_NAME_TWICE', undefined, message, { hint: 'Rename one of them.' });
    }
    byName.set(manifest.component, manifest);
  }
  return byName;
}

function dependenciesOf(manifest: ComponentManifest, byName: ReadonlyMap<string, ComponentManifest>): string[] {
  return manifest.dependencies.flatMap((dependency) => {
    if (dependency.kind === 'text') return [];
    if (byName.has(dependency.name)) return [dependency.name];
    const known = [...byName.keys()];
    const near = known.find((name) => dependency.name.endsWith(`-${name}`)) ?? nearestWord(dependency.name, known);
    const message = `${manifest.component} needs the component ${dependency.name}, which is not there`;
    throw new ComponentError('COMPONENT_DEPENDENCY_MISSING', dependency.at, message, {
      hint: near === undefined ? 'Add it, or remove the dependency.' : `Write ${near}, if that is meant.`,
    });
  });
}

function byStageThenName(a: ComponentManifest, b: ComponentManifest): number {
  return a.stage - b.stage || (a.component < b.component ? -1 : 1);
}

function isReady(name: string, waiting: Waiting): boolean {
  return (waiting.get(name) ?? []).every((needed) => !waiting.has(needed));
}

/** Everything that still waits needs something that still waits: walking along it must come back to where it was. */
function cycleError(waiting: Waiting, byName: ReadonlyMap<string, ComponentManifest>): ComponentError {
  const walked: string[] = [];
  let name = [...waiting.keys()].sort()[0] ?? '';
  while (!walked.includes(name)) {
    walked.push(name);
    name = waiting.get(name)?.find((needed) => waiting.has(needed)) ?? '';
  }
  const cycle = [...walked.slice(walked.indexOf(name)), name];
  const dependency = byName.get(name)?.dependencies.find((one) => one.kind === 'component' && one.name === cycle[1]);
  const files = cycle.slice(1).map((member) => byName.get(member)?.file);
  return new ComponentError(
    'COMPONENT_DEPENDENCY_CYCLE',
    dependency?.at,
    `the components need each other: ${cycle.join(' → ')} (${files.join(', ')})`,
    { hint: 'Remove one of these dependencies.' },
  );
}
