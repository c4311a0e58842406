import { describe, expect, it } from 'vitest';
import { componentOf, digest, file, ModelSystem, SITE, sourcesOf } from '../../test/integration-model.ts';
import type { InstalledComponent } from './installed-component.ts';
import { placedBy } from './integration-plan.ts';
import { planIntegration } from './plan-integration.ts';
import { NOTHING_BEFORE, type Previous } from './system-facts.ts';

const V1 = [
  componentOf(
    'core',
    `files:
  - { path: bin/op, target: /usr/bin/op, type: symlink }
  - { path: etc/a, target: /etc/a, type: copy }
  - { path: etc/b, target: /etc/b, type: copy-if-not-exists }
  - { path: op.service, target: /etc/systemd/system/op.service, type: systemd-unit }
services: [op.service]
`,
  ),
];
const CONTENT_1 = { '/etc/a': 'a', '/etc/b': 'b', '/etc/systemd/system/op.service': 'c' };
const CONTENT_2 = { '/etc/a': 'd', '/etc/b': 'e', '/etc/systemd/system/op.service': 'f' };
const LINK = { kind: 'link', text: '/var/lib/op-dbus/current/links/usr/bin/op' } as const;

function plan(
  system: ModelSystem,
  components: readonly InstalledComponent[],
  contents: Readonly<Record<string, string>>,
  previous: Previous = NOTHING_BEFORE,
) {
  const facts = system.facts(components, sourcesOf(contents), previous);
  return planIntegration({ site: SITE, components, previous, system: facts });
}

const DROP_IN = '/etc/systemd/system/op.service.d/10-goldstream.conf';

/** A system on which V1 runs, and what was placed. */
function integrated() {
  const system = new ModelSystem();
  const first = plan(system, V1, CONTENT_1);
  system.apply([...first.before, ...first.after]);
  return { system, previous: placedBy(first, V1) };
}

/** `/a/b/c` → `/a`, `/a/b`. */
const ancestorsOf = (target: string) =>
  target
    .split('/')
    .slice(1, -1)
    .map((_, index, names) => `/${names.slice(0, index + 1).join('/')}`);

const says = (steps: readonly { says: string }[]) => steps.map((step) => step.says);
const kept = (target: string) => expect.stringContaining(`${target} was changed on this host`);

describe('planIntegration of a first version', () => {
  it('makes new links before the switch, and files and units after it', () => {
    const { before, after, gone, notes } = plan(new ModelSystem(), V1, CONTENT_1);
    expect(says(before)).toEqual(['link /usr/bin/op']);
    expect(says(after)).toEqual([
      'copy /etc/a',
      'copy /etc/b',
      'copy /etc/systemd/system/op.service.d/10-goldstream.conf',
      'copy /etc/systemd/system/op.service',
      'enable op.service',
    ]);
    expect([gone, notes]).toEqual([[], []]);
  });

  it('records what it places', () => {
    const { placed, enabled } = plan(new ModelSystem(), V1, CONTENT_1);
    const attributes = { mode: 0o644, uid: 0, gid: 0 };
    expect(placed).toEqual([
      { kind: 'link', component: 'core', target: '/usr/bin/op', text: LINK.text },
      { kind: 'copy', component: 'core', target: '/etc/a', sha256: digest('a'), ...attributes },
      { kind: 'default', component: 'core', target: '/etc/b', sha256: digest('b'), ...attributes },
      { kind: 'drop-in', component: 'core', target: DROP_IN, sha256: expect.any(String), ...attributes },
      { kind: 'unit', component: 'core', target: '/etc/systemd/system/op.service', sha256: digest('c'), ...attributes },
    ]);
    expect(enabled).toEqual(['op.service']);
  });

  it('makes the directories that are missing, each once', () => {
    const facts = new ModelSystem().facts(V1, sourcesOf(CONTENT_1), NOTHING_BEFORE);
    const targets = new Map(
      [...facts.targets].map(([target, one]) => [
        target,
        { ...one, parent: 'missing' as const, missing: ancestorsOf(target) },
      ]),
    );
    const { before, placed } = planIntegration({
      site: SITE,
      components: V1,
      previous: NOTHING_BEFORE,
      system: { ...facts, targets },
    });
    expect(says(before)).toEqual([
      'make the directory /usr/bin',
      'make the directory /etc',
      'make the directory /etc/systemd/system/op.service.d',
      'make the directory /etc/systemd/system',
      'link /usr/bin/op',
    ]);
    expect(placed.filter(({ kind }) => kind === 'directory').map(({ target }) => target)).toEqual([
      '/etc',
      '/etc/systemd',
      '/etc/systemd/system',
      '/etc/systemd/system/op.service.d',
      '/usr',
      '/usr/bin',
    ]);
  });

  it('refuses targets that are not free, and names all of them', () => {
    const system = new ModelSystem({ '/usr/bin/op': file('x'), '/etc/a': { kind: 'directory' } });
    expect(() => plan(system, V1, CONTENT_1)).toThrow(
      expect.objectContaining({
        code: 'TARGET_CONFLICT',
        message:
          'not free: /usr/bin/op is a file of somebody else, core wants a link there; ' +
          '/etc/a is a directory, core wants a copy there',
      }),
    );
  });

  it('refuses a link that leads elsewhere, a special file, and a way that is no directory', () => {
    const conflict = expect.objectContaining({ code: 'TARGET_CONFLICT' });
    expect(() => plan(new ModelSystem({ '/usr/bin/op': { kind: 'link', text: '/opt/op' } }), V1, CONTENT_1)).toThrow(
      conflict,
    );
    expect(() => plan(new ModelSystem({ '/etc/b': { kind: 'other' } }), V1, CONTENT_1)).toThrow(conflict);
    const facts = new ModelSystem().facts(V1, sourcesOf(CONTENT_1), NOTHING_BEFORE);
    const targets = new Map(
      [...facts.targets].map(([target, one]) => [target, { ...one, parent: 'blocked' as const }]),
    );
    expect(() =>
      planIntegration({ site: SITE, components: V1, previous: NOTHING_BEFORE, system: { ...facts, targets } }),
    ).toThrow(conflict);
  });

  it('takes a copy that is there already with the same content', () => {
    const { after } = plan(new ModelSystem({ '/etc/a': file('a') }), V1, CONTENT_1);
    expect(says(after)).not.toContain('copy /etc/a');
  });

  it('leaves what copy-if-not-exists finds, and does not call it its own', () => {
    const { after, placed } = plan(new ModelSystem({ '/etc/b': file('x') }), V1, CONTENT_1);
    expect(says(after)).not.toContain('copy /etc/b');
    expect(placed[2]).toEqual({ kind: 'default', component: 'core', target: '/etc/b', mode: 0o644, uid: 0, gid: 0 });
  });

  it('refuses a set-uid copy unless the host allows it', () => {
    const components = [componentOf('core', 'files: [{ path: su, target: /usr/bin/su2, type: copy }]\n')];
    const source = { path: '/v/su', sha256: digest('a'), mode: 0o4755, uid: 0, gid: 0 };
    const system = new ModelSystem().facts(components, new Map([['/usr/bin/su2', source]]), NOTHING_BEFORE);
    const question = { site: SITE, components, previous: NOTHING_BEFORE, system };
    expect(() => planIntegration(question)).toThrow(expect.objectContaining({ code: 'TARGET_SETUID' }));
    expect(says(planIntegration({ ...question, allowSuid: true }).after)).toEqual(['copy /usr/bin/su2']);
  });
});

describe('planIntegration of the next version', () => {
  it('has nothing to do when nothing changed', () => {
    const { system, previous } = integrated();
    const again = plan(system, V1, CONTENT_1, previous);
    expect(again).toMatchObject({ before: [], after: [], gone: [], notes: [] });
    expect(placedBy(again, V1)).toEqual(previous);
  });

  it('copies anew what the version changed, and leaves the defaults it placed', () => {
    const { system, previous } = integrated();
    const { before, after, placed } = plan(system, V1, CONTENT_2, previous);
    expect(before).toEqual([]);
    expect(says(after)).toEqual(['copy anew /etc/a', 'copy anew /etc/systemd/system/op.service', 'enable op.service']);
    expect(placed[2]).toMatchObject({ sha256: digest('b') });
  });

  it('keeps a copy that was changed by hand, names it, and still knows what it had placed', () => {
    const { system, previous } = integrated();
    system.places.set('/etc/a', file('x'));
    const { after, placed, notes } = plan(system, V1, CONTENT_2, previous);
    expect(says(after)).not.toContain('copy anew /etc/a');
    expect(notes).toEqual(['/etc/a was changed on this host and stays as it is; the new one of core is not placed']);
    expect(placed[1]).toMatchObject({ sha256: digest('a') });
  });

  it('keeps a unit whose mode was changed by hand', () => {
    const { system, previous } = integrated();
    system.places.set('/etc/systemd/system/op.service', file('c', 0o600));
    expect(plan(system, V1, CONTENT_2, previous).notes).toEqual([kept('/etc/systemd/system/op.service')]);
  });

  it('puts back what was removed by hand', () => {
    const { system, previous } = integrated();
    for (const place of ['/usr/bin/op', '/etc/a']) system.places.delete(place);
    const { before, after } = plan(system, V1, CONTENT_1, previous);
    expect([says(before), says(after)]).toEqual([['link /usr/bin/op'], ['copy /etc/a']]);
  });

  it('replaces a copy of ours by a link only after the switch, and refuses if it was changed', () => {
    const { system, previous } = integrated();
    const linked = [componentOf('core', 'files: [{ path: etc/a, target: /etc/a, type: symlink }]\n')];
    const { before, after } = plan(system, linked, {}, previous);
    expect(before).toEqual([]);
    expect(says(after)[0]).toBe('link anew /etc/a');
    system.places.set('/etc/a', file('x'));
    expect(() => plan(system, linked, {}, previous)).toThrow(/a file that was changed since it was placed/);
  });

  it('removes what the version has no more: what systemd reads at once, the rest once it is good', () => {
    const { system, previous } = integrated();
    system.places.set('/etc/b', file('x'));
    const { before, after, gone, notes } = plan(system, [], {}, previous);
    expect(before).toEqual([]);
    expect(says(after)).toEqual(['disable op.service', `remove ${DROP_IN}`, 'remove /etc/systemd/system/op.service']);
    expect(says(gone)).toEqual(['remove /usr/bin/op', 'remove /etc/a']);
    expect(notes).toEqual(['/etc/b was changed on this host and is not removed']);
  });

  it('never removes what was there before it came', () => {
    const system = new ModelSystem({ '/etc/b': file('x') });
    const first = plan(system, V1, CONTENT_1);
    system.apply([...first.before, ...first.after]);
    const { gone, notes } = plan(system, [], {}, placedBy(first, V1));
    expect(says(gone).join()).not.toContain('/etc/b');
    expect(notes).toEqual([]);
  });

  it('goes on after a crash between two copies, whichever deployment placed them', () => {
    const { system, previous } = integrated();
    const second = plan(system, V1, CONTENT_2, previous);
    system.apply(second.after.slice(0, 1));
    const both = { ...previous, placed: [...previous.placed, ...second.placed] };
    const third = plan(system, V1, { ...CONTENT_2, '/etc/a': '0', '/etc/systemd/system/op.service': '1' }, both);
    expect(third.notes).toEqual([]);
    expect(says(third.after).slice(0, 2)).toEqual(['copy anew /etc/a', 'copy anew /etc/systemd/system/op.service']);
  });
});
