import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readMounts, systemRunner, unmount } from '@goldstream/system';

/** A directory of which nothing stays, and the programs in it. */
export interface Workplace {
  readonly directory: string;
  /** The bundled programs as users run them. */
  readonly builder: string;
  readonly receiver: string;
}

/**
 * Runs `body` with a fresh directory below `$TMPDIR`. Afterwards, however it ended, what is mounted below the directory
 * is unmounted (the loop devices go with it) and the directory removed.
 */
export async function withWorkplace<T>(checkout: string, body: (place: Workplace) => Promise<T>): Promise<T> {
  const directory = await realpath(await mkdtemp(join(process.env['TMPDIR'] ?? '/var/tmp', 'goldstream-bench-')));
  try {
    return await body({
      directory,
      builder: await copyOfProgram(checkout, directory, 'builder'),
      receiver: await copyOfProgram(checkout, directory, 'receiver'),
    });
  } finally {
    await removeWithPools(directory);
  }
}

/** Unmounts what is mounted at or below `directory`, the newest first and never lazily, then removes it. */
export async function removeWithPools(directory: string): Promise<void> {
  const mounts = (await readMounts()).map(({ mountPoint }) => mountPoint);
  for (const mountPoint of mounts.reverse().filter((it) => `${it}/`.startsWith(`${directory}/`))) {
    await unmount(systemRunner, mountPoint);
  }
  await rm(directory, { recursive: true, force: true });
}

/** A copy, so that a build meanwhile does not take the program away between two runs. */
async function copyOfProgram(checkout: string, directory: string, name: string): Promise<string> {
  const to = join(directory, 'programs', name);
  await mkdir(to, { recursive: true });
  for (const part of ['bin', 'package.json', 'dist/bundle']) {
    await cp(join(checkout, 'packages', name, part), join(to, part), { recursive: true });
  }
  return join(to, 'bin', `goldstream-${name}.js`);
}
