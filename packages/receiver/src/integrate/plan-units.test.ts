import { describe, expect, it } from 'vitest';
import { componentOf, ModelSystem } from '../../test/integration-model.ts';
import { planUnits, type UnitQuestion } from './plan-units.ts';
import { NOTHING_BEFORE, type Previous, type UnitFacts } from './system-facts.ts';

const WEB = componentOf(
  'web',
  `files:
  - { path: web.service, target: /etc/systemd/system/web.service, type: systemd-unit }
  - { path: web.socket, target: /etc/systemd/system/web.socket, type: systemd-unit }
services: [web.socket, web.service]
`,
);
const UNIT = { kind: 'unit', component: 'web', sha256: 'a'.repeat(64), mode: 0o644, uid: 0, gid: 0 } as const;
const BEFORE: Previous = {
  placed: ['web.service', 'web.socket'].map((name) => ({ ...UNIT, target: `/etc/systemd/system/${name}` })),
  enabled: ['web.socket', 'web.service'],
  components: [WEB],
};
const RUNNING: UnitFacts = { enabled: 'enabled', active: 'active' };
const NOTHING = { reload: false, enable: [], disable: [], stop: [], restart: [], start: [] };

interface Situation extends Partial<Omit<UnitQuestion, 'system' | 'written'>> {
  readonly units?: Readonly<Record<string, UnitFacts>>;
  readonly written?: readonly string[];
  readonly changed?: readonly string[];
  readonly daemon?: boolean;
}

function decide({ units, written = [], changed = [], daemon = true, ...rest }: Situation) {
  const question = { components: [WEB], previous: BEFORE, holding: [], ...rest };
  const state = units ?? { 'web.service': RUNNING, 'web.socket': RUNNING };
  const system = new ModelSystem({}, state).facts([], new Map(), NOTHING_BEFORE, { daemon, changed });
  return planUnits({ ...question, system, written: new Set(written) });
}

describe('planUnits', () => {
  it('enables and starts what is new', () => {
    const written = ['web.service', 'web.socket'];
    expect(decide({ units: {}, written, previous: NOTHING_BEFORE }).changes).toEqual({
      ...NOTHING,
      reload: true,
      enable: ['web.socket', 'web.service'],
      start: ['web.socket', 'web.service'],
    });
  });

  it('only enables where no systemd runs', () => {
    const { changes } = decide({ units: {}, written: ['web.service'], previous: NOTHING_BEFORE, daemon: false });
    expect(changes).toEqual({ ...NOTHING, enable: ['web.socket', 'web.service'] });
  });

  it('touches nothing when nothing changed', () => {
    expect(decide({})).toEqual({ changes: NOTHING, enabled: BEFORE.enabled, disabled: [], notes: [] });
  });

  it('restarts the services of a component that changed, and not its sockets', () => {
    expect(decide({ changed: ['web'] }).changes).toEqual({ ...NOTHING, restart: ['web.service'] });
  });

  it('restarts a unit whose file changed, and enables it again for a new [Install] section', () => {
    expect(decide({ written: ['web.service'] }).changes).toEqual({
      ...NOTHING,
      reload: true,
      enable: ['web.service'],
      restart: ['web.service'],
    });
  });

  it('takes a changed socket down together with its service, and says that connections are lost', () => {
    const { changes, notes } = decide({ written: ['web.socket'] });
    expect(changes.restart).toEqual(['web.socket', 'web.service']);
    expect(notes).toEqual(['web.socket changes: connections to it are lost when it is restarted']);
  });

  it('restarts foreign services that use the old tree, and names sessions that do', () => {
    const { changes, notes } = decide({ holding: ['nginx.service', 'session-3.scope'] });
    expect(changes.restart).toEqual(['nginx.service']);
    expect(notes).toEqual(['processes of session-3.scope keep using the old version until they end']);
  });

  it('restarts what was stopped for the switch', () => {
    const units = { 'web.service': { ...RUNNING, active: 'inactive' }, 'web.socket': RUNNING };
    expect(decide({ units, holding: ['web.service'] }).changes).toEqual({ ...NOTHING, restart: ['web.service'] });
  });

  it('starts what failed, and leaves what was stopped, disabled or masked by hand', () => {
    const failed = { 'web.service': { ...RUNNING, active: 'failed' }, 'web.socket': RUNNING };
    expect(decide({ units: failed }).changes.start).toEqual(['web.service']);

    const off = {
      'web.service': { enabled: 'disabled', active: 'inactive' },
      'web.socket': { enabled: 'masked', active: 'inactive' },
    };
    const { changes, enabled, disabled, notes } = decide({ units: off, changed: ['web'] });
    expect(changes).toEqual(NOTHING);
    expect(enabled).toEqual(BEFORE.enabled);
    expect(disabled).toEqual(['web.service']);
    expect(notes).toEqual([
      'web.socket is masked on this host and stays so',
      'web.service was disabled on this host and stays so',
      'web.service is not running and is not started',
    ]);
  });

  it('stops and disables what the new version has no more', () => {
    expect(decide({ components: [] }).changes).toEqual({
      ...NOTHING,
      reload: true,
      stop: ['web.socket', 'web.service'],
      disable: ['web.socket', 'web.service'],
    });
  });

  it('leaves out a unit that nobody brings', () => {
    const components = [componentOf('ntp', 'services: [chrony.service]\n')];
    const { changes, notes } = decide({ components, units: {}, previous: NOTHING_BEFORE });
    expect(changes).toEqual(NOTHING);
    expect(notes).toEqual(['chrony.service is not installed on this host and is left out']);
  });

  it('starts and never stops a unit that is not ours and that we did not enable', () => {
    const components = [componentOf('ntp', 'services: [chrony.service]\n')];
    const units = { 'chrony.service': RUNNING };
    const previous = { ...NOTHING_BEFORE, components };
    expect(decide({ components: [], units, previous }).changes).toEqual(NOTHING);
    expect(decide({ components, units, previous }).enabled).toEqual([]);
  });

  it('remembers what an operator disabled while no version brings it, and until somebody enables it', () => {
    const previous = { ...BEFORE, disabled: ['web.service'] };
    const away = decide({ components: [], previous, units: {} });
    expect(away.disabled).toEqual(['web.service']);

    const without = { placed: [], enabled: [], components: [], disabled: ['web.service'] };
    const written = ['web.service', 'web.socket'];
    const back = decide({ previous: without, units: {}, written });
    expect(back.changes).toMatchObject({ enable: ['web.socket'], start: ['web.socket'] });
    expect(back.notes).toEqual(['web.service was disabled on this host and stays so']);
    expect(decide({ previous }).disabled).toEqual([]);
  });

  describe('of a template', () => {
    const body = `files: [{ path: a, target: /etc/systemd/system/a@.service, type: systemd-unit }]
services: [a@one.service]
`;
    const components = [componentOf('a', body)];
    const target = '/etc/systemd/system/a@.service';
    const previous = { placed: [{ ...UNIT, target }], enabled: ['a@one.service'], components };
    const units = { 'a@one.service': RUNNING, 'a@two.service': { ...RUNNING, enabled: 'disabled' } };

    it('enables and starts the instances that are wanted, and never itself', () => {
      const { changes } = decide({ components, written: ['a@.service'], units: {}, previous: NOTHING_BEFORE });
      expect(changes).toEqual({ ...NOTHING, reload: true, enable: ['a@one.service'], start: ['a@one.service'] });
    });

    it('restarts every instance that runs when its file changes, also those that an operator made', () => {
      expect(decide({ components, previous, units, written: ['a@.service'] }).changes).toMatchObject({
        restart: ['a@one.service', 'a@two.service'],
      });
    });

    it('stops every instance that runs when it goes', () => {
      expect(decide({ components: [], previous, units, filesGone: true }).changes).toEqual({
        ...NOTHING,
        reload: true,
        stop: ['a@one.service', 'a@two.service'],
        disable: ['a@one.service'],
      });
    });
  });

  it('does not restart what was masked while it ran', () => {
    const units = { 'web.service': { ...RUNNING, enabled: 'masked' }, 'web.socket': RUNNING };
    expect(decide({ units, changed: ['web'] }).changes.restart).toEqual([]);
  });
});
