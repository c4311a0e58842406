import { describe, expect, it } from 'vitest';
import { componentOf, digest, file, ModelSystem, SITE, sourcesOf } from '../../test/integration-model.ts';
import type { InstalledComponent } from './installed-component.ts';
import { type IntegrationPlan, placedBy } from './integration-plan.ts';
import { planIntegration } from './plan-integration.ts';
import { NOTHING_BEFORE, type Previous } from './system-facts.ts';

const V1 = [
  componentOf(
    'core',
    `files:
  - { path: bin/op, target: /usr/bin/op, type: symlink }
  - { path: etc/a, target: /etc/a, type: copy }
`,
  ),
];
const FOREIGN = { '/usr/bin/op': { kind: 'link', text: '/opt/op' }, '/etc/a': file('x', 0o600) } as const;
const KEPT = `/var/lib/op-dbus/backup/originals/${digest('x')}`;

interface Wish {
  readonly previous?: Previous;
  readonly adopt?: boolean;
  readonly content?: string;
}

function plan(system: ModelSystem, components: readonly InstalledComponent[], wish: Wish = {}): IntegrationPlan {
  const { previous = NOTHING_BEFORE, adopt = false, content = 'a' } = wish;
  const facts = system.facts(components, sourcesOf({ '/etc/a': content }), previous);
  return planIntegration({ site: SITE, components, previous, system: facts, adopt });
}

/** A host on which V1 has taken over what somebody else had. */
function adopted() {
  const system = new ModelSystem(FOREIGN);
  const first = plan(system, V1, { adopt: true });
  system.apply([...first.before, ...first.after]);
  return { system, first, previous: placedBy(first, V1) };
}

const says = (steps: readonly { says: string }[]) => steps.map((step) => step.says);

describe('what somebody else has at a target', () => {
  it('is refused, with the way to take it over', () => {
    expect(() => plan(new ModelSystem(FOREIGN), V1)).toThrow(
      expect.objectContaining({ code: 'TARGET_CONFLICT', hint: expect.stringContaining('--adopt') }),
    );
  });

  it('is kept before it is replaced when it is adopted, and recorded', () => {
    const { first, system } = adopted();
    expect([...first.before, ...first.after].map(({ says }) => says)).toEqual([
      'link anew /usr/bin/op',
      `keep what /etc/a is as ${KEPT}`,
      'copy anew /etc/a',
    ]);
    expect(first.placed).toMatchObject([{ adopted: FOREIGN['/usr/bin/op'] }, { adopted: FOREIGN['/etc/a'] }]);
    expect(system.at('/etc/a')).toEqual(file('a'));
  });

  it('is not adopted when it is a directory or a special file', () => {
    for (const kind of ['directory', 'other'] as const) {
      expect(() => plan(new ModelSystem({ '/etc/a': { kind } }), V1, { adopt: true })).toThrow(
        expect.objectContaining({ code: 'TARGET_CONFLICT' }),
      );
    }
  });

  it('stays known from version to version', () => {
    const { system, previous } = adopted();
    const second = plan(system, V1, { previous, content: 'b' });
    expect(says(second.after)).toEqual(['copy anew /etc/a']);
    expect(second.placed).toMatchObject([{ adopted: FOREIGN['/usr/bin/op'] }, { adopted: FOREIGN['/etc/a'] }]);
  });

  it('is put back when the target is given up', () => {
    const { system, previous } = adopted();
    const last = plan(system, [], { previous });
    expect(says(last.gone)).toEqual(['put back what was at /usr/bin/op before', 'put back what was at /etc/a before']);
    system.apply([...last.after, ...last.gone]);
    expect(Object.fromEntries(system.places)).toEqual(FOREIGN);
    const again = plan(system, [], { previous });
    expect([again.gone, again.notes]).toEqual([[], []]);
  });

  it('is put back also where ours was taken away by hand', () => {
    const { system, previous } = adopted();
    system.places.delete('/etc/a');
    expect(says(plan(system, [], { previous }).gone)).toContain('put back what was at /etc/a before');
  });

  it('is not put back over what somebody has changed since, and that is named', () => {
    const { system, previous } = adopted();
    system.places.set('/etc/a', file('y'));
    const { gone, notes } = plan(system, [], { previous });
    expect(says(gone)).not.toContain('put back what was at /etc/a before');
    expect(notes).toEqual([
      `/etc/a was changed on this host and is not removed; what was there before is kept as ${KEPT}`,
    ]);
  });

  it('is taken over without being asked again when that was cut off', () => {
    const { first } = adopted();
    const previous = placedBy(first, V1);
    expect(says(plan(new ModelSystem(FOREIGN), V1, { previous }).after)).toContain(`keep what /etc/a is as ${KEPT}`);
  });

  it('stays when it is just what the component brings', () => {
    const system = new ModelSystem({ '/etc/a': file('a') });
    const first = plan(system, V1);
    system.apply([...first.before, ...first.after]);
    const last = plan(system, [], { previous: placedBy(first, V1) });
    expect(says(last.gone)).toEqual(['remove /usr/bin/op']);
  });
});

describe('a unit that is masked', () => {
  const UNIT = '/etc/systemd/system/op.service';
  const MASK = { kind: 'link', text: '/dev/null' } as const;
  const components = [
    componentOf('core', `files: [{ path: op.service, target: ${UNIT}, type: systemd-unit }]\nservices: [op.service]\n`),
  ];
  const masked = (previous: Previous = NOTHING_BEFORE) => {
    const system = new ModelSystem({ [UNIT]: MASK }, { 'op.service': { enabled: 'masked', active: 'inactive' } });
    const facts = system.facts(components, sourcesOf({ [UNIT]: 'a' }), previous);
    return planIntegration({ site: SITE, components, previous, system: facts });
  };

  it('stays so, whether it was before we came', () => {
    const { after, placed, notes } = masked();
    expect(says(after)).not.toContain(`copy ${UNIT}`);
    expect(placed.map(({ target }) => target)).not.toContain(UNIT);
    expect(notes).toEqual([
      `${UNIT} masks the unit on this host and stays`,
      'op.service is masked on this host and stays so',
    ]);
  });

  it('or since', () => {
    const before = { kind: 'unit', component: 'core', target: UNIT, sha256: digest('a'), mode: 0o644, uid: 0, gid: 0 };
    const { after, placed } = masked({ ...NOTHING_BEFORE, placed: [{ ...before, kind: 'unit' }] });
    expect(says(after)).not.toContain(`copy ${UNIT}`);
    expect(placed).toContainEqual(before);
  });
});
