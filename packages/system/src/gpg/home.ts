import { chmod, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Runner } from '../runner.ts';

/** A GnuPG home directory. */
export type GpgHome =
  /** Ours, which we also clean up after. */
  | { readonly kind: 'ours'; readonly path: string }
  /** The caller's, which is used as it is: agent, cards, configuration. */
  | { readonly kind: 'callers' }
  /** A throw-away one with keys that we were given, see `importSecretKeys`. */
  | {
      readonly kind: 'given';
      readonly path: string;
      /** A function, so that no rendering of a value shows it. */
      readonly passphrase: (() => string) | undefined;
    };

/**
 * Runs `use` with the arguments that select a home. Of our own homes the agent is ended afterwards, so that no
 * process is left behind. They are reached through a short path, because the agent's socket lies in the home and a
 * socket's path has room for 108 bytes (unix(7)).
 */
export async function withGpgHome<T>(
  runner: Runner,
  home: GpgHome,
  use: (arguments_: readonly string[]) => Promise<T>,
): Promise<T> {
  if (home.kind === 'callers') return use([]);
  await mkdir(home.path, { recursive: true, mode: 0o700 });
  await chmod(home.path, 0o700);
  const directory = await mkdtemp(join(tmpdir(), 'gpg-'));
  const short = join(directory, 'h');
  try {
    await symlink(home.path, short);
    return await use(['--homedir', short]);
  } finally {
    await endAgent(runner, short);
    await rm(directory, { recursive: true });
  }
}

/** How long an agent may take to end once it was told to, in milliseconds, and how often it is looked for. */
const PATIENCE = { limit: 5_000, step: 5 };

/**
 * Ends a home's agent and waits until it is gone: its socket lies in the home, and what holds that cannot be unmounted.
 * `gpgconf --kill` alone returns before the agent has ended.
 */
async function endAgent(runner: Runner, home: string): Promise<void> {
  const asked = await runner.run(['gpg-connect-agent', '--homedir', home, '--no-autostart', 'GETINFO pid', '/bye'], {
    accept: [1, 2],
  });
  await runner.run(['gpgconf', '--homedir', home, '--kill', 'all'], { accept: [1, 2] });
  const pid = /^D (\d+)$/m.exec(asked.stdout)?.[1];
  for (let waited = 0; pid !== undefined && waited < PATIENCE.limit && (await runs(pid)); waited += PATIENCE.step) {
    await setTimeout(PATIENCE.step);
  }
}

/** Whether a process holds anything yet: a zombie does not (proc(5), state). */
async function runs(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) [ZX] /.test(stat);
}
