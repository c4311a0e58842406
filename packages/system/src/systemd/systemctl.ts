import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { syncFilesystem } from '../btrfs/filesystem.ts';
import type { Runner } from '../runner.ts';
import { activeStates } from './active-states.ts';
import { loadedInstances, startedAfter } from './unit-relations.ts';

/** Whether systemd is process 1 of this host (sd_booted(3)). */
export function systemdRuns(): boolean {
  return existsSync('/run/systemd/system');
}

/** Units, as they are on a running host or, with `root`, in a directory tree where no daemon is called. */
export interface Systemctl {
  /** Whether a daemon is called: on a host where systemd runs, never for a tree. */
  readonly live: boolean;
  /** Reads unit files again. Does nothing for a tree. */
  daemonReload(): Promise<void>;
  /**
   * Makes units start at boot, by their [Install] section; on disk when this resolves. The daemon learns of it with the
   * next `daemonReload`, so that one is enough for all that changes.
   */
  enable(units: readonly string[]): Promise<void>;
  /** Undoes `enable`, as durably. */
  disable(units: readonly string[]): Promise<void>;
  start(units: readonly string[]): Promise<void>;
  /** Has systemd start units, in its own order, and waits for none. */
  begin(units: readonly string[]): Promise<void>;
  stop(units: readonly string[]): Promise<void>;
  restart(units: readonly string[]): Promise<void>;
  /** Forgets that units failed, and how often: after too many attempts systemd starts them no more. */
  resetFailed(units: readonly string[]): Promise<void>;
  /** `ActiveState` of each unit: `active`, `inactive`, `failed`, …; `inactive` for all in a tree, and for templates. */
  activeStates(units: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Whether each unit starts at boot: `enabled`, `disabled`, `static`, `masked`, …; `not-found` without a unit file. */
  enabledStates(units: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The units after which systemd starts each unit (`After=`, also where it is implied); none in a tree. */
  startedAfter(units: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The instances of templates (`getty@.service`) that are loaded now; none in a tree. */
  instancesOf(templates: readonly string[]): Promise<readonly string[]>;
}

/** Where the operator's units are, and the links of those that are enabled (systemd.unit(5)). */
const UNITS = 'etc/systemd/system';

/** systemctl(1) for a host (`root` is `/` and systemd runs) or for a tree. */
export function systemctlFor(runner: Runner, root: string): Systemctl {
  const live = root === '/' && systemdRuns();
  const at = root === '/' ? [] : [`--root=${root}`];
  const call = async (verb: string, units: readonly string[]): Promise<void> => {
    if (units.length === 0 || !live) return;
    await runner.run(['systemctl', ...at, '--quiet', verb, ...units]);
  };
  // systemctl leaves its links in memory; which directories they are in is for the [Install] sections to say.
  const change = async (verb: 'enable' | 'disable', units: readonly string[]): Promise<void> => {
    if (units.length === 0) return;
    await runner.run(['systemctl', ...at, '--quiet', ...(live ? ['--no-reload'] : []), verb, ...units]);
    await syncFilesystem(runner, join(root, UNITS));
  };
  return {
    live,
    daemonReload: async () => {
      if (live) await runner.run(['systemctl', 'daemon-reload']);
    },
    enable: (units) => change('enable', units),
    disable: (units) => change('disable', units),
    start: (units) => call('start', units),
    begin: async (units) => {
      if (live && units.length > 0) await runner.run(['systemctl', '--quiet', '--no-block', 'start', ...units]);
    },
    stop: (units) => call('stop', units),
    restart: (units) => call('restart', units),
    resetFailed: async (units) => {
      // 1: a unit that was never loaded has nothing to forget.
      if (live && units.length > 0) await runner.run(['systemctl', 'reset-failed', ...units], { accept: [1] });
    },
    activeStates: async (units) => {
      return live ? activeStates(runner, units) : new Map(units.map((unit) => [unit, 'inactive']));
    },
    enabledStates: async (units) => {
      const ask = async (some: readonly string[]) => {
        const { stdout } = await runner.run(['systemctl', ...at, 'is-enabled', ...some], { accept: [1, 4] });
        return stdout.trim() === '' ? [] : stdout.trim().split('\n');
      };
      if (units.length === 0) return new Map();
      const together = await ask(units);
      if (together.length === units.length) return new Map(units.map((unit, index) => [unit, together[index] ?? '']));
      // systemctl stops at the first unit it does not find, so its lines fit nobody: one by one.
      const states = units.map(async (unit) => [unit, (await ask([unit]))[0] ?? 'not-found'] as const);
      return new Map(await Promise.all(states));
    },
    startedAfter: (units) => (live ? startedAfter(runner, units) : Promise.resolve(new Map())),
    instancesOf: (templates) => (live ? loadedInstances(runner, templates) : Promise.resolve([])),
  };
}
