import { parseComponentManifest } from '@goldstream/component';
import type { InstalledComponent } from '../src/integrate/installed-component.ts';
import type { IntegrationStep } from '../src/integrate/integration-plan.ts';
import type { Site } from '../src/integrate/site.ts';
import type { CopySource, Found, Previous, SystemFacts, UnitFacts } from '../src/integrate/system-facts.ts';
import { wantedBy } from '../src/integrate/wanted-by.ts';

/** The site of the example application on a real host. */
export const SITE: Site = {
  root: '/',
  reserved: '/var/lib/op-dbus',
  originals: '/var/lib/op-dbus/backup/originals',
  links: '/var/lib/op-dbus/current/links',
  dropIn: 'the drop-in',
};

/** A component from the part of its manifest that matters to a test. */
export function componentOf(name: string, body: string, stage = 1): InstalledComponent {
  const head = `stage: ${stage}\ncomponent: ${name}\nversion: 1.0.0\ndescription: A component\n`;
  const folder = `stage-${stage}-${name}`;
  return {
    name: folder,
    folder: `/v/${folder}`,
    manifest: parseComponentManifest(head + body, `${folder}/manifest.yaml`),
  };
}

/** A digest that stands for a content: one letter, 64 times. */
export function digest(letter: string): string {
  return letter.repeat(64);
}

/** A file of root's with mode 644. */
export function file(letter: string, mode = 0o644): Extract<Found, { kind: 'file' }> {
  return { kind: 'file', sha256: digest(letter), mode, uid: 0, gid: 0 };
}

/** What a component's files contain, by target; 644 and root's. */
export function sourcesOf(contents: Readonly<Record<string, string>>): ReadonlyMap<string, CopySource> {
  return new Map(
    Object.entries(contents).map(([target, letter]) => {
      const { kind: _, ...source } = file(letter);
      return [target, { path: `/v${target}`, ...source }];
    }),
  );
}

/** A system in memory: what is at which place, and what systemd says. Every directory exists. */
export class ModelSystem {
  readonly places = new Map<string, Found>();
  readonly units = new Map<string, UnitFacts>();

  constructor(places: Readonly<Record<string, Found>> = {}, units: Readonly<Record<string, UnitFacts>> = {}) {
    for (const [place, found] of Object.entries(places)) this.places.set(place, found);
    for (const [unit, facts] of Object.entries(units)) this.units.set(unit, facts);
  }

  /** The facts about it, for what is to be placed and what was. */
  facts(
    components: readonly InstalledComponent[],
    sources: ReadonlyMap<string, CopySource>,
    { placed }: Pick<Previous, 'placed'>,
    { daemon = false, changed = [] }: { daemon?: boolean; changed?: readonly string[] } = {},
  ): SystemFacts {
    const wanted = wantedBy(SITE, components, sources).map(({ target }) => target);
    const targets = [...wanted, ...placed.map(({ target }) => target)].map((target) => {
      return [target, { place: target, parent: 'present', missing: [], found: this.at(target) }] as const;
    });
    return { targets: new Map(targets), sources, changed: new Set(changed), units: this.units, daemon };
  }

  at(place: string): Found {
    return this.places.get(place) ?? { kind: 'absent' };
  }

  /** Does what the handlers would do. */
  apply(steps: readonly IntegrationStep[]): void {
    for (const step of steps) {
      if (step.kind === 'place-link') this.places.set(step.place, { kind: 'link', text: step.text });
      if (step.kind === 'place-file') {
        const { sha256, mode, uid, gid } = step.source;
        this.places.set(step.place, { kind: 'file', sha256, mode, uid, gid });
      }
      if (step.kind === 'put-back') this.places.set(step.place, step.original);
      if (step.kind === 'remove-link' || step.kind === 'remove-file') this.places.delete(step.place);
      if (step.kind === 'enable-units') this.#setUnits(step.units, { enabled: 'enabled' });
      if (step.kind === 'disable-units') this.#setUnits(step.units, { enabled: 'disabled' });
      if (step.kind === 'stop-units') this.#setUnits(step.units, { active: 'inactive' });
      if (step.kind === 'start-units' || step.kind === 'restart-units')
        this.#setUnits(step.units, { active: 'active' });
    }
  }

  #setUnits(units: readonly string[], facts: Partial<UnitFacts>): void {
    for (const unit of units) {
      this.units.set(unit, { enabled: 'not-found', active: 'inactive', ...this.units.get(unit), ...facts });
    }
  }
}
