import { createHash, randomUUID } from 'node:crypto';
import { lstat, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A dot, what it is going to be, a token of machine and pid namespace, the pid, and a UUID. */
const HIDDEN = /^\.[^/]+\.([0-9a-f]{16})\.(\d+)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A name in `base` that nobody lists and nobody else has; it says which process is at work under it. */
export async function hiddenName(base: string, name: string): Promise<string> {
  return join(base, `.${name}.${(await whereWeRun()) ?? NOWHERE}.${process.pid}.${randomUUID()}`);
}

/**
 * Removes from `base` what processes of this machine and pid namespace were making under a hidden name when they were
 * killed. A store may be shared: of what other machines make there, nothing is known, and nothing is removed.
 */
export async function removeAbandoned(base: string): Promise<void> {
  const here = await whereWeRun();
  if (here === undefined) return;
  for (const name of await readdir(base).catch(() => [])) {
    const [, where, pid] = HIDDEN.exec(name) ?? [];
    if (where === here && pid !== undefined && !(await isAlive(pid))) {
      await rm(join(base, name), { recursive: true, force: true });
    }
  }
}

/** The token of a machine that cannot be told from others. */
const NOWHERE = '0'.repeat(16);

/** Two machines, and two containers of one, differ in it; undefined without a machine id. */
async function whereWeRun(): Promise<string | undefined> {
  const machine = await readFile('/etc/machine-id', 'utf8').catch(() => '');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  if (machine.trim() === '' || namespace === '') return undefined;
  return createHash('sha256').update(`${machine.trim()} ${namespace}`).digest('hex').slice(0, 16);
}

async function isAlive(pid: string): Promise<boolean> {
  return lstat(`/proc/${pid}`).then(
    () => true,
    () => false,
  );
}
