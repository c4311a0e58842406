import { open, readdir, readFile, readlink } from 'node:fs/promises';
import { parseMountinfo } from '../mount/mountinfo.ts';

/** A process that uses something on a mount. */
export interface ProcessOnMount {
  readonly pid: number;
  /** Its name as in `/proc/PID/comm`: at most 15 characters, and the process's own choice. */
  readonly command: string;
  /**
   * The system's unit it runs in. A `.service` can be stopped and started; a `.scope` is somebody's session or
   * container, and `user@UID.service` all that a user runs.
   */
  readonly unit: string | undefined;
  readonly holds: readonly ('cwd' | 'root' | 'exe' | 'descriptor' | 'mapping')[];
  /** Whether a file is open, or mapped and shared, for writing: then the mount cannot become read-only. */
  readonly writes: boolean;
}

/**
 * The processes that use a mount, by rising pid, whatever mount namespace they are in. The mount is told by its
 * device, so this answers for a filesystem of its own, as an overlay is, not for a bind mount of a part.
 *
 * None when nothing is mounted exactly there. Processes that end meanwhile, or that procfs hides, are not seen.
 */
export async function processesOn(mountPoint: string): Promise<readonly ProcessOnMount[]> {
  const device = deviceAt(mountPoint, await readFile('/proc/self/mountinfo', 'utf8'));
  if (device === undefined) return [];
  const idsOf = mountIdsByNamespace(device);
  const found: ProcessOnMount[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)) {
    const uses = await usesOf(pid, await idsOf(pid)).catch(ifGone<readonly Use[]>([]));
    if (uses.length > 0) found.push(await describe(pid, uses));
  }
  return found.sort((one, other) => one.pid - other.pid);
}

/** Those of {@link processesOn} that write. */
export async function writersOn(mountPoint: string): Promise<readonly ProcessOnMount[]> {
  return (await processesOn(mountPoint)).filter(({ writes }) => writes);
}

/**
 * The unit of the system's manager in `/proc/PID/cgroup`: the outermost one, since those below it belong to a user's
 * manager or are the unit's own business.
 */
export function unitOfCgroup(text: string): string | undefined {
  const path = /^0::(.*)$/m.exec(text)?.[1] ?? /^\d+:name=systemd:(.*)$/m.exec(text)?.[1] ?? '';
  return path.split('/').find((name) => /\.(service|scope)$/.test(name));
}

/** open(2); Node has no name for it. */
const O_PATH = 0o10000000;
/** Lowest two bits of the flags: `O_RDONLY` is 0. */
const O_ACCMODE = 0o3;

interface Use {
  readonly by: ProcessOnMount['holds'][number];
  readonly writes: boolean;
}

function deviceAt(mountPoint: string, mountinfo: string): string | undefined {
  const line = mountinfo.split('\n').findLast((text) => parseMountinfo(text)[0]?.mountPoint === mountPoint);
  return line?.split(' ')[2];
}

/** Mount IDs are unique on the machine, but every namespace has a copy of the mount with an ID of its own. */
function mountIdsByNamespace(device: string): (pid: number) => Promise<ReadonlySet<number>> {
  const known = new Map<string, ReadonlySet<number>>();
  return async (pid) => {
    const namespace = await readlink(`/proc/${pid}/ns/mnt`).catch(() => undefined);
    const earlier = known.get(namespace ?? '');
    if (earlier !== undefined) return earlier;
    const text = await readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => '');
    const columns = text.split('\n').map((line) => line.split(' ', 3));
    const ids = new Set(columns.filter((column) => column[2] === device).map(([id]) => Number(id)));
    if (namespace !== undefined && text !== '') known.set(namespace, ids);
    return ids;
  };
}

async function usesOf(pid: number, ids: ReadonlySet<number>): Promise<readonly Use[]> {
  if (ids.size === 0) return [];
  const of = `/proc/${pid}`;
  const links = (['cwd', 'root', 'exe'] as const).map(async (by): Promise<Use[]> => {
    return ids.has(await mountIdOf(`${of}/${by}`)) ? [{ by, writes: false }] : [];
  });
  const descriptors = (await readdir(`${of}/fdinfo`)).map(async (number): Promise<Use[]> => {
    const info = await readFile(`${of}/fdinfo/${number}`, 'utf8').catch(ifGone(''));
    if (!ids.has(mountIdIn(info))) return [];
    const flags = Number.parseInt(/^flags:\s*(\d+)$/m.exec(info)?.[1] ?? '0', 8);
    // A descriptor of O_PATH is no open file, and keeps no mount writable.
    return [{ by: 'descriptor', writes: (flags & O_PATH) === 0 && (flags & O_ACCMODE) !== 0 }];
  });
  const mappings = mappedFiles(await readFile(`${of}/maps`, 'utf8')).map(async ({ range, writes }): Promise<Use[]> => {
    return ids.has(await mountIdOf(`${of}/map_files/${range}`)) ? [{ by: 'mapping', writes }] : [];
  });
  return (await Promise.all([...links, ...descriptors, ...mappings])).flat();
}

/** One range for each file and manner of mapping, as `map_files` names it: without leading zeros. */
function mappedFiles(maps: string): readonly { readonly range: string; readonly writes: boolean }[] {
  const ranges = new Map<string, { range: string; writes: boolean }>();
  for (const line of maps.split('\n')) {
    const [range = '', permissions = '', , device, inode = '0'] = line.split(/ +/, 5);
    if (inode === '0') continue;
    // `rw-s`: what is written to a private mapping (`p`) never reaches the file.
    const writes = permissions[1] === 'w' && permissions[3] === 's';
    ranges.set(`${device} ${inode} ${writes}`, { range: range.replaceAll(/\b0+(?=[0-9a-f])/g, ''), writes });
  }
  return [...ranges.values()];
}

/** The mount that a magic link leads to, without opening what it leads to; NaN when it leads nowhere. */
async function mountIdOf(link: string): Promise<number> {
  const file = await open(link, O_PATH).catch(ifGone(undefined));
  if (file === undefined) return Number.NaN;
  try {
    return mountIdIn(await readFile(`/proc/self/fdinfo/${file.fd}`, 'utf8'));
  } finally {
    await file.close();
  }
}

function mountIdIn(fdinfo: string): number {
  return Number(/^mnt_id:\s*(\d+)$/m.exec(fdinfo)?.[1]);
}

async function describe(pid: number, uses: readonly Use[]): Promise<ProcessOnMount> {
  const [command, cgroup] = await Promise.all(
    ['comm', 'cgroup'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
  );
  return {
    pid,
    command: command?.trim() || 'unknown',
    unit: unitOfCgroup(cgroup ?? ''),
    holds: [...new Set(uses.map(({ by }) => by))],
    writes: uses.some(({ writes }) => writes),
  };
}

/** What procfs says of a process that has ended, or that it hides from us. */
const GONE: ReadonlySet<unknown> = new Set(['ENOENT', 'ESRCH', 'EINVAL', 'EACCES', 'EPERM']);

function ifGone<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (GONE.has((error as NodeJS.ErrnoException).code)) return value;
    throw error;
  };
}
