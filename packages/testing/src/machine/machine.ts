import { type Command, type Ended, type Running, SystemError, systemRunner } from '@goldstream/system';
import { TestingError } from '../error.ts';
import { ENVIRONMENT } from '../systemd/checkout.ts';
import type { CommandedHost, CommandOptions } from '../systemd/commanded-host.ts';
import { withTemporaryDirectory } from '../temporary-directory.ts';
import type { MachineDisks } from './machine-disks.ts';
import { type SerialLine, serialLineOf } from './serial-line.ts';

/** From the package `user-mode-linux`: a kernel that is a program. */
export const MACHINE_KERNEL = '/usr/bin/linux.uml';

/** A boot that takes longer hangs, even on a machine in trouble. Milliseconds. */
const PATIENCE = 600_000;

/** A whole machine of a test's own: a kernel, systemd and disks, which is up when a test gets it. */
export interface Machine extends CommandedHost {
  /**
   * Runs a command that holds itself (`blow: 'hold'`, see {@link cutPowerAt}), and resolves as soon as it does.
   * @throws TestingError `TESTING_HOST_FAILED` when it ended instead, with what it said
   */
  hold(command: readonly string[], options?: CommandOptions): Promise<void>;
  /** Sends SIGKILL to everything that the machine is: what its kernel has not given to a disk yet is lost. */
  cutPower(): Promise<void>;
  /** Shuts it down in order. */
  powerOff(): Promise<void>;
}

/**
 * Boots a machine from its disks, waits until it is `running`, and runs `use` with it. Needs root. Afterwards, also when
 * `use` failed or this process died, it is off; its disks stay as they are then.
 *
 * It is User Mode Linux: caches, file systems and block layer are its own, so that killing it loses what a power cut
 * loses. It has no network but a loopback interface, and sees this checkout read-only.
 *
 * @throws TestingError `TESTING_HOST_FAILED` when it does not come up or a unit fails, with what its console says
 */
export async function withMachine<T>(disks: MachineDisks, use: (machine: Machine) => Promise<T>): Promise<T> {
  return withTemporaryDirectory(async (directory) => {
    const kernel = systemRunner.spawn(kernelCommand(disks, directory), { stdin: 'pipe', stdout: 'pipe' });
    const machine = machineOf(kernel);
    try {
      await machine.booted();
      return await use(machine);
    } finally {
      await machine.cutPower();
    }
  });
}

/**
 * In a process namespace that ends with its first process, which ends with us: nothing of it can be left behind. The
 * kernel is not that first process itself, because such a one ignores the SIGABRT by which a kernel that panics ends.
 */
function kernelCommand({ root, pool }: MachineDisks, directory: string): Command {
  return [
    'setpriv',
    ...['--pdeathsig=KILL', 'unshare', '--pid', '--mount-proc', '--fork', '--kill-child=KILL'],
    ...['unshare', '--fork', '--kill-child=KILL'],
    ...[MACHINE_KERNEL, 'mem=1024M', `ubda=${root}`, `ubdb=${pool}`, 'root=/dev/ubda', 'rootfstype=ext4', 'rw'],
    // The console is what it says on stderr; the first serial line is its stdin and stdout.
    ...['quiet', 'con0=null,fd:2', 'con=null', 'ssl0=fd:0,fd:1', 'ssl=null', `uml_dir=${directory}`],
  ];
}

function machineOf(kernel: Running): Machine & { booted(): Promise<void> } {
  const line = serialLineOf(kernel);
  // Settled when nobody holds its stderr any more: no process of it is left then.
  const gone = kernel.ended.catch(() => {});
  const run: Machine['run'] = async (command, options = {}) => {
    const ended = await ask(line, command, options);
    if (ended === 'held') throw new TestingError('TESTING_HOST_FAILED', `${command.join(' ')} is held`);
    return acceptedOr(command, ended, options);
  };
  return {
    run,
    hold: async (command, options = {}) => {
      const ended = await ask(line, command, options);
      if (ended === 'held') return;
      const how = `ended with ${ended.exitCode}: ${ended.stderr}`;
      throw new TestingError('TESTING_HOST_FAILED', `${command.join(' ')} was to be held and ${how}`);
    },
    cutPower: async () => {
      kernel.kill('SIGKILL');
      await gone;
    },
    powerOff: async () => {
      // The command's own ending is no answer: it may be gone with everything else.
      line.send({ command: ['systemctl', 'poweroff'], environment: ENVIRONMENT, input: '' });
      await gone;
    },
    booted: async () => {
      const late = setTimeout(() => kernel.kill('SIGKILL'), PATIENCE);
      try {
        await line.next();
        await demandRunning(run);
      } finally {
        clearTimeout(late);
      }
    },
  };
}

async function ask(line: SerialLine, command: readonly string[], { input = '', env = {} }: CommandOptions) {
  line.send({ command, environment: { ...ENVIRONMENT, ...env }, input: String(input) });
  const message = await line.next();
  return message.kind === 'ended' ? message.ended : ('held' as const);
}

function acceptedOr(command: readonly string[], ended: Ended, { accept = [] }: CommandOptions): Ended {
  if (ended.exitCode === 0 || accept.includes(ended.exitCode)) return ended;
  throw new SystemError('TOOL_FAILED', `${command.join(' ')} ended with ${ended.exitCode}: ${ended.stderr}`);
}

async function demandRunning(run: Machine['run']): Promise<void> {
  const state = (await run(['systemctl', 'is-system-running', '--wait'], { accept: [1] })).stdout.trim();
  if (state === 'running') return;
  const failed = await run(['systemctl', '--failed', '--no-pager', '--plain', '--no-legend']);
  const journal = await run(['journalctl', '--boot', '--no-pager', '--priority=warning', '--lines=40']);
  throw new TestingError('TESTING_HOST_FAILED', `is ${state}; failed: ${failed.stdout.trim()}; ${journal.stdout}`);
}
