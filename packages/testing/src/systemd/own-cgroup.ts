import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './eventually.ts';

/**
 * The cgroup that a host of a test runs in: one directory per hierarchy in which systemd tracks processes. Without
 * one of its own, systemd-nspawn would make its groups in the root of the machine's tree.
 */
export type OwnCgroup = readonly string[];

/** Runs `use` with an empty cgroup of this name and removes it afterwards; no process may be left in it then. */
export async function withOwnCgroup<T>(name: string, use: (cgroup: OwnCgroup) => Promise<T>): Promise<T> {
  const cgroup = (await hierarchies()).map((hierarchy) => join(hierarchy, name));
  try {
    for (const directory of cgroup) await mkdir(directory);
    return await use(cgroup);
  } finally {
    for (const directory of cgroup) await removeGroup(directory);
  }
}

/** Ids of the processes in the cgroup and in every group below it. */
export async function processesIn(cgroup: OwnCgroup): Promise<number[]> {
  return [...new Set((await Promise.all(cgroup.map(processesBelow))).flat())];
}

async function processesBelow(directory: string): Promise<number[]> {
  // A group may go while it is looked at, and then has no process.
  const text = await readFile(join(directory, 'cgroup.procs'), 'utf8').catch(() => '');
  const below = await Promise.all((await groupsIn(directory)).map(processesBelow));
  return [...text.split('\n').filter(Boolean).map(Number), ...below.flat()];
}

async function removeGroup(directory: string): Promise<void> {
  for (const group of await groupsIn(directory)) await removeGroup(group);
  // The kernel takes a moment to forget the dead; until then the group is busy.
  await eventually(`${directory} is removed`, () =>
    rmdir(directory).then(
      () => true,
      (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? true : undefined),
    ),
  );
}

async function groupsIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
}

/** Where the unified hierarchy and, on a hybrid machine, systemd's own are mounted: cgroups(7). */
async function hierarchies(): Promise<string[]> {
  return (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type, options = '']) => type === 'cgroup2' || (type === 'cgroup' && /\bname=systemd\b/.test(options)))
    .map(([, mountPoint = '']) => mountPoint);
}
