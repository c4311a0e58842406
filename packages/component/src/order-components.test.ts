import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ComponentManifest, orderComponents, parseComponentManifest } from './index.ts';

function component(name: string, stage: number, ...needs: string[]): ComponentManifest {
  const dependencies = needs.map((need) => `  - component: ${need}\n`).join('');
  const text = `stage: ${stage}\ncomponent: ${name}\nversion: 1.0.0\ndescription: A demo\n`;
  return parseComponentManifest(
    text + (needs.length > 0 ? `dependencies:\n${dependencies}` : ''),
    `${name}/manifest.yaml`,
  );
}

const namesOf = (manifests: readonly ComponentManifest[]) => manifests.map((manifest) => manifest.component);

describe('orderComponents', () => {
  it('goes by stage number, then by name', () => {
    expect(namesOf(orderComponents([component('c', 2), component('b', 1), component('a', 2)]))).toEqual([
      'b',
      'a',
      'c',
    ]);
  });

  it('puts a component after what it needs, whatever the stage numbers say', () => {
    const manifests = [component('early', 1, 'late'), component('late', 9), component('middle', 5)];
    expect(namesOf(orderComponents(manifests))).toEqual(['middle', 'late', 'early']);
  });

  it('refuses a circle and names its members', () => {
    const circle = [component('a', 1, 'b'), component('b', 2, 'c'), component('c', 3, 'b')];
    expect(() => orderComponents(circle)).toThrowError(
      expect.objectContaining({
        code: 'COMPONENT_DEPENDENCY_CYCLE',
        message: expect.stringMatching(/^b\/manifest.yaml:6:5: .*b → c → b/),
      }),
    );
  });

  it('refuses a component that needs itself', () => {
    expect(() => orderComponents([component('a', 1, 'a')])).toThrowError(/a → a/);
  });

  it('refuses a dependency that is not there and names the line', () => {
    expect(() => orderComponents([component('core', 1), component('web', 2, 'stage-1-core')])).toThrowError(
      expect.objectContaining({
        code: 'COMPONENT_DEPENDENCY_MISSING',
        message: 'web/manifest.yaml:6:5: web needs the component stage-1-core, which is not there',
        hint: 'Write core, if that is meant.',
      }),
    );
  });

  it('refuses two components of one name', () => {
    expect(() => orderComponents([component('a', 1), component('a', 2)])).toThrowError(
      expect.objectContaining({ code: 'COMPONENT_NAME_TWICE' }),
    );
  });

  it('orders any set without circles after its dependencies, independent of the order given', () => {
    const stages = fc.array(fc.nat(5), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(stages, fc.infiniteStream(fc.boolean()), fc.nat(), (numbers, coin, turn) => {
        const manifests = numbers.map((stage, index) => {
          const needs = numbers.slice(0, index).flatMap((_, earlier) => (coin.next().value ? [`c${earlier}`] : []));
          return component(`c${index}`, stage, ...needs);
        });
        const names = namesOf(orderComponents(manifests));
        for (const { component: name, dependencies } of manifests) {
          for (const needed of dependencies) {
            if (needed.kind === 'component') expect(names.indexOf(needed.name)).toBeLessThan(names.indexOf(name));
          }
        }
        const turned = manifests.map((_, index) => manifests[(index + turn) % manifests.length]);
        expect(namesOf(orderComponents(turned.filter((one) => one !== undefined)))).toEqual(names);
      }),
      { numRuns: 50 },
    );
  });
});
