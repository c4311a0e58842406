import { rm, statfs } from 'node:fs/promises';

const GIB = 1024 ** 3;
/** A runner with less than this is made emptier first. Bytes. */
const WANTED = 20 * GIB;

/**
 * What a hosted runner is delivered with and no release needs; tens of GiB. Such a runner is thrown away after the job.
 */
const BALLAST = ['/usr/share/dotnet', '/usr/local/lib/android', '/opt/ghc', '/usr/local/.ghcup', '/usr/share/swift'];

/**
 * Makes room for the pool on a runner that GitHub hosts. Any other machine is somebody's, and nothing is removed there.
 */
export async function makeRoom(
  environment: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
): Promise<void> {
  const free = await freeBytes();
  if (free >= WANTED) return;
  if (environment['RUNNER_ENVIRONMENT'] !== 'github-hosted') {
    say(`${inGib(free)} GiB are free for the pool`);
    return;
  }
  for (const path of BALLAST) await rm(path, { recursive: true, force: true });
  say(`${inGib(free)} GiB were free for the pool, now ${inGib(await freeBytes())}: ${BALLAST.join(', ')} are gone`);
}

async function freeBytes(): Promise<number> {
  const { bavail, bsize } = await statfs('/var/lib');
  return bavail * bsize;
}

function inGib(bytes: number): string {
  return (bytes / GIB).toFixed(1);
}
