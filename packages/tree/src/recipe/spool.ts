import { lstat, mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** `recipe-`, pid namespace and pid of who made it, and six characters of mkdtemp(3). */
const SPOOL = /^recipe-(\d+)-(\d+)-[A-Za-z0-9]{6}$/;

/**
 * Makes a directory of one's own in `scratch`, whose name says whose it is, and removes those that were left by processes
 * of this pid namespace which are no more: they were killed, or the power went. Of another namespace's nothing is known.
 */
export async function makeSpool(scratch: string): Promise<string> {
  const namespace = await pidNamespace();
  for (const name of await readdir(scratch)) {
    const [, where, pid] = SPOOL.exec(name) ?? [];
    if (where === namespace && pid !== undefined && !(await isAlive(pid))) {
      await rm(join(scratch, name), { recursive: true, force: true });
    }
  }
  return mkdtemp(join(scratch, `recipe-${namespace}-${process.pid}-`));
}

/** Its inode number; the first one's is the same in every start of a host. namespaces(7) */
async function pidNamespace(): Promise<string> {
  return /\d+/.exec(await readlink('/proc/self/ns/pid'))?.[0] ?? '0';
}

async function isAlive(pid: string): Promise<boolean> {
  return lstat(`/proc/${pid}`).then(
    () => true,
    () => false,
  );
}
