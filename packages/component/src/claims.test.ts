import { describe, expect, it } from 'vitest';
import { claims, parseComponentManifest } from './index.ts';

const component = (name: string, ...targets: string[]) =>
  parseComponentManifest(
    `stage: 1\ncomponent: ${name}\nversion: 1.0.0\ndescription: A demo\nfiles:\n${targets
      .map((target) => `  - { path: file, target: ${target}, type: copy }\n`)
      .join('')}`,
    `${name}/manifest.yaml`,
  );

describe('claims', () => {
  it('names the owner of every target', () => {
    const owners = claims([component('a', '/etc/a', '/etc/ab'), component('b', '/etc/b')]);
    expect([...owners].map(([target, { manifest }]) => [target, manifest.component])).toEqual([
      ['/etc/a', 'a'],
      ['/etc/ab', 'a'],
      ['/etc/b', 'b'],
    ]);
  });

  it('refuses two components that claim one target, naming both places', () => {
    expect(() => claims([component('a', '/etc/x'), component('b', '/etc/x')])).toThrowError(
      expect.objectContaining({
        code: 'COMPONENT_TARGET_TWICE',
        message: 'b/manifest.yaml:6:5: /etc/x is claimed by a at a/manifest.yaml:6:5 already',
      }),
    );
  });

  it("refuses a target inside another component's tree, in either order", () => {
    for (const [one, other] of [
      ['/var/www', '/var/www/x/y'],
      ['/var/www/x/y', '/var/www'],
    ] as const) {
      expect(() => claims([component('a', one), component('b', other)])).toThrowError(
        /lies inside \/var\/www, which is claimed by/,
      );
    }
  });
});
