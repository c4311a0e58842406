import { basename } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { componentOf, file, ModelSystem, SITE, sourcesOf } from '../../test/integration-model.ts';
import type { InstalledComponent } from './installed-component.ts';
import type { IntegrationPlan } from './integration-plan.ts';
import { placedBy } from './integration-plan.ts';
import { planIntegration } from './plan-integration.ts';
import { NOTHING_BEFORE, type Previous } from './system-facts.ts';

interface Version {
  readonly components: readonly InstalledComponent[];
  readonly contents: Readonly<Record<string, string>>;
}

const TARGETS = ['/a', '/b', '/c', '/etc/systemd/system/u.service', '/etc/systemd/system/v.service'];
const TYPES = ['symlink', 'directory', 'copy', 'copy-if-not-exists', 'systemd-unit', 'dbus'];
const COPIED = new Set(TYPES.slice(2));

/** A version that places something at some of the targets, and wants some of the units it brings. */
const version: fc.Arbitrary<Version> = fc
  .record({
    files: fc.uniqueArray(
      fc.record({
        target: fc.constantFrom(...TARGETS),
        type: fc.constantFrom(...TYPES),
        content: fc.constantFrom('1', '2', '3'),
      }),
      { selector: ({ target }) => target },
    ),
    wanted: fc.subarray(['u.service', 'v.service']),
  })
  .map(({ files, wanted }) => {
    const units = files.filter(({ type }) => type === 'systemd-unit').map(({ target }) => basename(target));
    const services = wanted.filter((unit) => units.includes(unit));
    const entries = files.map(({ target, type }) => `{ path: x, target: ${target}, type: ${type} }`);
    const body = `files: [${entries.join(', ')}]\nservices: [${services.join(', ')}]\n`;
    const copied = files.filter(({ type }) => COPIED.has(type));
    return {
      components: [componentOf('one', body)],
      contents: Object.fromEntries(copied.map(({ target, content }) => [target, content])),
    };
  });

function plan(
  system: ModelSystem,
  { components, contents }: Version,
  previous: Previous,
  adopt = false,
): IntegrationPlan {
  const facts = system.facts(components, sourcesOf(contents), previous);
  return planIntegration({ site: SITE, components, previous, system: facts, adopt });
}

/** Takes the steps of a plan up to some step, all of them by default. */
function take(system: ModelSystem, { before, after, gone }: IntegrationPlan, steps = Number.POSITIVE_INFINITY): void {
  system.apply([...before, ...after, ...gone].slice(0, steps));
}

it('plans nothing when its own plan was carried out', () => {
  fc.assert(
    fc.property(version, version, (one, two) => {
      const system = new ModelSystem();
      const first = plan(system, one, NOTHING_BEFORE);
      take(system, first);
      const second = plan(system, two, placedBy(first, one.components));
      take(system, second);
      const again = plan(system, two, placedBy(second, two.components));
      expect(again).toMatchObject({ before: [], after: [], gone: [], notes: [] });
      expect(again.placed).toEqual(second.placed);
    }),
  );
});

it('restores every place when it goes back, wherever the way forward broke off', () => {
  fc.assert(
    fc.property(version, version, fc.nat(12), (one, two, steps) => {
      const system = new ModelSystem();
      const first = plan(system, one, NOTHING_BEFORE);
      take(system, first);
      const before = new Map(system.places);
      const previous = placedBy(first, one.components);
      const second = plan(system, two, previous);
      system.apply([...second.before, ...second.after].slice(0, steps));

      const left = placedBy(second, two.components);
      take(system, plan(system, one, { ...left, placed: [...previous.placed, ...left.placed] }));
      expect(system.places).toEqual(before);
    }),
  );
});

it('ends in the same places after a crash at any step and the same command again', () => {
  fc.assert(
    fc.property(version, version, fc.nat(12), (one, two, steps) => {
      const [straight, broken] = [new ModelSystem(), new ModelSystem()];
      const first = plan(straight, one, NOTHING_BEFORE);
      for (const system of [straight, broken]) take(system, first);
      const previous = placedBy(first, one.components);

      const second = plan(straight, two, previous);
      take(broken, second, steps);
      take(broken, plan(broken, two, previous));
      take(straight, second);
      expect(broken.places).toEqual(straight.places);
    }),
  );
});

/** What somebody else has on a host. */
const foreign = fc.dictionary(
  fc.constantFrom(...TARGETS),
  fc.oneof(
    fc.constantFrom('1', '9').map((content) => file(content)),
    fc.constantFrom('/opt/x', '/dev/null').map((text) => ({ kind: 'link', text }) as const),
  ),
);

it('gives back everything that it took over, whatever came in between', () => {
  fc.assert(
    fc.property(foreign, version, version, fc.nat(12), (before, one, two, steps) => {
      const system = new ModelSystem(before);
      const first = plan(system, one, NOTHING_BEFORE, true);
      take(system, first);
      const previous = placedBy(first, one.components);
      const second = plan(system, two, previous, true);
      take(system, second, steps);
      const left = placedBy(second, two.components);
      const both = { ...left, placed: [...previous.placed, ...left.placed] };
      take(system, plan(system, { components: [], contents: {} }, both));
      expect(Object.fromEntries(system.places)).toEqual(before);
    }),
    { numRuns: 500 },
  );
});
