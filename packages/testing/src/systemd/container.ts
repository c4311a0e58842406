import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Ended, type Running, type RunOptions, systemRunner } from '@goldstream/system';
import { TestingError } from '../error.ts';
import { eventually } from './eventually.ts';
import { type OwnCgroup, processesIn } from './own-cgroup.ts';

const ENTER_CGROUP = fileURLToPath(new URL('enter-cgroup-main.ts', import.meta.url));

/** What a container is made of, the same at each of its boots. */
export interface ContainerSetup {
  readonly name: string;
  /** A complete root file system, writable. */
  readonly root: string;
  /** Empty; everything in the container runs in it. */
  readonly cgroup: OwnCgroup;
  /** Further arguments of systemd-nspawn(1), such as `--bind=…`. */
  readonly mounts: readonly string[];
  /** The whole environment of a command that is run in it. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * How far a boot is waited for: `running`, when all that was to start has started and no unit failed; `settled`, also
 * when one did; `reachable`, as soon as systemd answers, whatever it is still starting.
 */
export type BootedWhen = 'running' | 'settled' | 'reachable';

/** A container from its boot to its end. */
export interface Container {
  run(command: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Sends SIGKILL to its process 1: everything in it is gone at once. */
  kill(): void;
  /** Resolves when it is gone, however it ended. */
  readonly gone: Promise<void>;
}

/**
 * Boots a container and waits until it is up.
 *
 * It is registered nowhere, since the machine itself need not run systemd; commands enter it by nsenter(1). Its
 * network is a loopback interface of its own.
 *
 * @throws TestingError `TESTING_HOST_FAILED` when it ends early or one of its units fails, with what the console says
 */
export async function bootContainer(setup: ContainerSetup, when: BootedWhen = 'running'): Promise<Container> {
  const nspawn = systemRunner.spawn(
    [process.execPath, '--no-warnings', ENTER_CGROUP, ...setup.cgroup, '--', ...nspawnCommand(setup)],
    { stdout: 'pipe' },
  );
  const console = nspawn.stdout === undefined ? Promise.resolve('') : text(nspawn.stdout);
  const gone = nspawn.ended.catch(() => {});
  const waiting = new AbortController();
  try {
    return await Promise.race([booted(setup, when, { gone, signal: waiting.signal }), failureOf(nspawn, console)]);
  } catch (error) {
    waiting.abort();
    await endAll(setup.cgroup, nspawn, gone);
    throw error;
  }
}

function nspawnCommand({ name, root, mounts }: ContainerSetup): string[] {
  const alone = ['--register=no', '--keep-unit', '--private-network', '--console=pipe', '--quiet'];
  return ['systemd-nspawn', ...alone, `--machine=${name}`, `--directory=${root}`, ...mounts, '--boot'];
}

async function booted(
  setup: ContainerSetup,
  when: BootedWhen,
  { gone, signal }: { readonly gone: Promise<void>; readonly signal: AbortSignal },
): Promise<Container> {
  const leader = await eventually(`${setup.name} has a process 1`, () => leaderOf(setup.cgroup), signal);
  const run: Container['run'] = (command, options = {}) => enter(leader, setup, command, options);
  await eventually(`systemd in ${setup.name} is ${when}`, () => isUp(run, when), signal);
  return { run, kill: () => process.kill(leader, 'SIGKILL'), gone };
}

/** The process that is number 1 in a pid namespace one below ours, and has become systemd. */
async function leaderOf(cgroup: OwnCgroup): Promise<number | undefined> {
  for (const pid of await processesIn(cgroup)) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (/^Name:\tsystemd$/m.test(status) && /^NSpid:\t\d+\t1$/m.test(status)) return pid;
  }
  return undefined;
}

async function isUp(run: Container['run'], when: BootedWhen): Promise<true | undefined> {
  const wait = when === 'reachable' ? [] : ['--wait'];
  const state = (await run(['systemctl', 'is-system-running', ...wait], { accept: [1] })).stdout.trim();
  // Nothing is said until its bus is there.
  if (state === '' || state === 'offline') return undefined;
  if (state === 'running' || when === 'reachable') return true;
  if (state !== 'degraded') return undefined;
  if (when === 'settled') return true;
  const failed = await run(['systemctl', '--failed', '--no-pager', '--plain', '--no-legend']);
  throw new TestingError('TESTING_HOST_FAILED', `units failed at boot: ${failed.stdout.trim()}`);
}

/** Environment and working directory are the container's own, not ours. */
function enter(leader: number, setup: ContainerSetup, command: readonly string[], options: RunOptions): Promise<Ended> {
  const { env = {}, ...others } = options;
  const words = Object.entries({ ...setup.environment, ...env }).map(([name, value]) => `${name}=${value}`);
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd'];
  return systemRunner.run(
    ['nsenter', `--target=${leader}`, ...namespaces, '--', 'env', '--ignore-environment', ...words, ...command],
    others,
  );
}

async function failureOf(nspawn: Running, console: Promise<string>): Promise<never> {
  const cause: unknown = await nspawn.ended.catch((error: unknown) => error);
  throw new TestingError('TESTING_HOST_FAILED', `ended before it was up; its console: ${await console}`, { cause });
}

/** Ends what is in the cgroup but systemd-nspawn itself, which then cleans up after itself and ends too. */
async function endAll(cgroup: OwnCgroup, nspawn: Running, gone: Promise<void>): Promise<void> {
  nspawn.kill('SIGTERM');
  const ended = gone.then(() => true as const);
  await eventually('systemd-nspawn has ended', async () => {
    for (const pid of await processesIn(cgroup)) if (pid !== nspawn.pid) killIfThere(pid);
    return Promise.race([ended, undefined]);
  });
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
