import { chmod, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '../runner.ts';

/** A GnuPG home directory: ours, which we also clean up after, or the caller's, which we use as it is. */
export type GpgHome = { readonly kind: 'ours'; readonly path: string } | { readonly kind: 'callers' };

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
    await runner.run(['gpgconf', '--homedir', short, '--kill', 'all'], { accept: [1, 2] });
    await rm(directory, { recursive: true });
  }
}
