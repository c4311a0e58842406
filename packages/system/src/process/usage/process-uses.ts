import { open, readdir, readFile, readlink, stat, statfs } from 'node:fs/promises';
import { deviceName, parseMapsDevice } from './device-name.ts';
import { processIds } from './process-ids.ts';
import type { SeenMounts } from './seen-mounts.ts';
import type { HeldBy, Sighting, Target } from './sighting.ts';

/** `OVERLAYFS_SUPER_MAGIC` and `NSFS_MAGIC`, statfs(2) and linux/magic.h. */
const OVERLAY = 0x794c7630;
const NSFS = 0x6e736673;
/** open(2); Node has no name for it. */
const O_PATH = 0o10000000;
/**
 * Where process 1 belongs to the machine's owner and not to us (containers, test sandboxes), it hides its files even
 * from root. It is an init: it opens nothing below the pool, and its mounts are seen all the same. Any other process
 * that hides is unknown.
 */
const INIT = 1;
/** What reading about a process says once it has ended; a zombie's files are closed already. */
const ENDED: ReadonlySet<unknown> = new Set(['ENOENT', 'ESRCH', 'EINVAL']);

/** A magic link of procfs to something that a process holds. */
interface Held {
  readonly by: HeldBy;
  readonly link: string;
}

/** Every process that holds something of a target, or something that could be. */
export async function processUses(targets: readonly Target[], seen: SeenMounts): Promise<readonly Sighting[]> {
  const judge = judgeOf(targets, seen);
  const sightings: Sighting[] = [];
  for (const process of await processIds()) {
    try {
      const found = await Promise.all((await heldBy(process, seen)).map((held) => judge(process, held)));
      // A library is mapped several times and open twice: one word for each way of holding is enough.
      const distinct = new Map(found.flat().map((sighting) => [JSON.stringify(sighting), sighting]));
      sightings.push(...distinct.values());
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (ENDED.has(code) || process === INIT) continue;
      sightings.push(unknown(`process ${process} cannot be looked into (${code ?? error})`));
    }
  }
  return sightings;
}

async function heldBy(process: number, seen: SeenMounts): Promise<readonly Held[]> {
  const of = `/proc/${process}`;
  const [descriptors, maps] = await Promise.all([readdir(`${of}/fd`), readFile(`${of}/maps`, 'utf8')]);
  return [
    ...(['cwd', 'root', 'exe'] as const).map((by) => ({ by, link: `${of}/${by}` })),
    ...descriptors.map((number) => ({ by: 'descriptor' as const, link: `${of}/fd/${number}` })),
    ...mappedFiles(maps, seen).map((range) => ({ by: 'mapping' as const, link: `${of}/map_files/${range}` })),
  ];
}

/**
 * One range for each mapped file that can lie on Btrfs or on something no mountinfo has. The device of a Btrfs file in
 * maps is the filesystem's, not the subvolume's, so the file itself has to be asked.
 */
function mappedFiles(maps: string, { byId }: SeenMounts): readonly string[] {
  const elsewhere = new Set([...byId.values()].filter(({ type }) => type !== 'btrfs').map(({ device }) => device));
  const ranges = new Map<string, string>();
  for (const line of maps.split('\n')) {
    const [range = '', , , device = '', inode = '0'] = line.split(/ +/, 5);
    if (inode === '0' || elsewhere.has(parseMapsDevice(device))) continue;
    // map_files writes addresses without leading zeros (proc_pid_map_files(5)).
    ranges.set(`${device} ${inode}`, range.replaceAll(/\b0+(?=[0-9a-f])/g, ''));
  }
  return [...ranges.values()];
}

function judgeOf(targets: readonly Target[], { byId, namespaces }: SeenMounts) {
  const paths = new Map(targets.map(({ subvolumeDevice, path }) => [subvolumeDevice, path]));
  const mounted = new Set([...byId.values()].map(({ device }) => device));
  /** Types of the filesystems that no mountinfo has: pipes, sockets, memory, other subvolumes, detached mounts. */
  const types = new Map<bigint, Promise<number>>();

  return async (process: number, { by, link }: Held): Promise<readonly Sighting[]> => {
    try {
      const { dev } = await stat(link, { bigint: true });
      const target = paths.get(dev);
      if (target !== undefined) {
        return [{ target, use: { kind: 'process', process, program: await programOf(process), by } }];
      }
      if (mounted.has(deviceName(dev))) return [];
      const type = types.get(dev) ?? statfs(link).then((found) => found.type);
      types.set(dev, type);
      if ((await type) === NSFS) return hiddenNamespace(process, await readlink(link), namespaces);
      if ((await type) !== OVERLAY) return [];
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (ENDED.has(code)) return [];
      // A filesystem in user space may refuse even root: which mount it is, is answered without asking it.
    }
    const id = await mountIdOf(link);
    const mount = id === undefined ? undefined : byId.get(id);
    if (id === undefined || (mount !== undefined && mount.type !== 'btrfs')) return [];
    return [unknown(`process ${process} holds ${await textOf(link)} on a mount that cannot be seen`)];
  };
}

/** A namespace kept by a descriptor alone. */
function hiddenNamespace(process: number, link: string, namespaces: ReadonlySet<string>): readonly Sighting[] {
  if (!link.startsWith('mnt:') || namespaces.has(link)) return [];
  return [unknown(`process ${process} keeps ${link}, which cannot be looked into`)];
}

/** The ID of the mount that a magic link leads to, undefined when it leads nowhere any more. Does not open the file. */
async function mountIdOf(link: string): Promise<number | undefined> {
  const file = await open(link, O_PATH).catch((error: NodeJS.ErrnoException) => {
    if (ENDED.has(error.code)) return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    return Number(/^mnt_id:\s*(\d+)$/m.exec(await readFile(`/proc/self/fdinfo/${file.fd}`, 'utf8'))?.[1]);
  } finally {
    await file.close();
  }
}

async function programOf(process: number): Promise<string> {
  return (await readFile(`/proc/${process}/comm`, 'utf8').catch(() => 'unknown')).trim();
}

async function textOf(link: string): Promise<string> {
  return readlink(link).catch(() => link);
}

function unknown(says: string): Sighting {
  return { target: 'any', use: { kind: 'unknown', says } };
}
