import { ExecaError, execa, type Options } from 'execa';
import { SystemError } from './error.ts';
import type { Command, Ended, Runner, Running, RunOptions } from './runner.ts';

/** Which Debian package brings a program, for the hint when it is missing. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  btrfs: 'btrfs-progs',
  'mkfs.btrfs': 'btrfs-progs',
  zstd: 'zstd',
  gpg: 'gnupg',
  gpgconf: 'gnupg',
  'gpg-connect-agent': 'gnupg',
  gpgv: 'gpgv',
  diff: 'diffutils',
  getfattr: 'attr',
  setfattr: 'attr',
  chattr: 'e2fsprogs',
  flock: 'util-linux',
  losetup: 'mount',
  mount: 'mount',
  umount: 'mount',
  busctl: 'systemd',
  systemctl: 'systemd',
  journalctl: 'systemd',
  logger: 'bsdutils',
};

const usual: Options = {
  env: { LC_ALL: 'C', TZ: 'UTC' },
  stdin: 'ignore',
  stripFinalNewline: false,
  // Programs are the system's own, found on PATH; never something in node_modules.
  preferLocal: false,
};

/** The runner that really starts programs. */
export const systemRunner: Runner = {
  async capture(command, options) {
    return (await systemRunner.run(command, options)).stdout;
  },

  async run(command, options = {}) {
    const [program, ...args] = command;
    try {
      const { exitCode, stdout, stderr } = await execa(program, args, optionsFor(options));
      return { exitCode: exitCode ?? 0, stdout: String(stdout), stderr: String(stderr) };
    } catch (cause) {
      return acceptedOr(command, cause, options.accept ?? []);
    }
  },

  spawn(command, { env = {}, cwd, signal, stdin = 'ignore', stdout = 'ignore' } = {}): Running {
    const [program, ...args] = command;
    const child = execa(program, args, {
      ...usual,
      env: { ...usual.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
      ...(signal === undefined ? {} : { cancelSignal: signal }),
      stdin,
      stdout,
      stderr: 'pipe',
      buffer: { stdout: false, stderr: true },
      encoding: 'buffer',
    } as Options);
    const ended = child.then(
      () => {},
      (cause: unknown) => {
        throw explain(command, cause);
      },
    );
    // The one who spawned it awaits `ended` in the end; until then a rejection is not an unhandled one.
    ended.catch(() => {});
    return {
      pid: child.pid ?? -1,
      stdin: child.stdin ?? undefined,
      stdout: child.stdout ?? undefined,
      ended,
      kill: (reason = 'SIGTERM') => child.kill(reason),
    };
  },
};

function optionsFor({ input, env = {}, cwd, descriptors = [], signal }: RunOptions): Options {
  return {
    ...usual,
    // A session of its own: Ctrl-C goes to us, and we decide where it is safe to stop; a mount or a rename is not cut off.
    detached: true,
    env: { ...usual.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    ...(input === undefined ? {} : { input, stdin: 'pipe' as const }),
    // Execa takes further descriptors only through the array form.
    ...(descriptors.length === 0
      ? {}
      : {
          stdin: undefined,
          stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...descriptors],
        }),
  } as Options;
}

function acceptedOr(command: Command, cause: unknown, accept: readonly number[]): Ended {
  if (cause instanceof ExecaError && cause.exitCode !== undefined && accept.includes(cause.exitCode)) {
    return { exitCode: cause.exitCode, stdout: String(cause.stdout ?? ''), stderr: String(cause.stderr ?? '') };
  }
  throw explain(command, cause);
}

function explain([program, ...args]: Command, cause: unknown): SystemError {
  if (!(cause instanceof ExecaError)) return new SystemError('TOOL_FAILED', `${program} could not be run`, { cause });
  if (cause.code === 'ENOENT') {
    const from = PACKAGE_OF[program];
    return new SystemError('TOOL_MISSING', `${program} is not installed or not on PATH`, {
      hint: from === undefined ? `Install ${program}.` : `Install it: apt-get install ${from}`,
    });
  }
  const said = textOf(cause.stderr).trim();
  const ending = cause.signal === undefined ? `ended with ${cause.exitCode}` : `was ended by ${cause.signal}`;
  return new SystemError('TOOL_FAILED', `${[program, ...args].join(' ')} ${ending}${said === '' ? '' : `: ${said}`}`);
}

function textOf(output: unknown): string {
  if (output instanceof Uint8Array) return Buffer.from(output).toString('utf8');
  return typeof output === 'string' ? output : '';
}
