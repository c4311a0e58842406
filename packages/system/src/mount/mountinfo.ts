import { constants } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { SystemError } from '../error.ts';

const DIGITS = /^\d{1,10}$/;

/** One line of `/proc/PID/mountinfo`, proc(5). */
export interface MountEntry {
  readonly id: number;
  readonly parentId: number;
  /** The part of the filesystem that is visible at the mount point. */
  readonly root: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
  readonly type: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/** All mounts that a process sees, in the order of the kernel; later ones hide earlier ones. */
export async function readMounts(process: number | 'self' = 'self'): Promise<readonly MountEntry[]> {
  return parseMountinfo(await readFile(`/proc/${process}/mountinfo`, 'utf8'));
}

/** Parses mountinfo; octal escapes (`\040`) are undone. Lines that are not of its form are left out. */
export function parseMountinfo(text: string): readonly MountEntry[] {
  return text.split('\n').flatMap((line) => {
    const [left, right] = line.split(' - ');
    const [id, parentId, , root, mountPoint, options] = left?.split(' ') ?? [];
    const [type, source, superOptions] = right?.split(' ') ?? [];
    if (id === undefined || parentId === undefined || root === undefined || mountPoint === undefined) return [];
    if (options === undefined || type === undefined || source === undefined) return [];
    if (!DIGITS.test(id) || !DIGITS.test(parentId)) return [];
    return {
      id: Number(id),
      parentId: Number(parentId),
      root: undoEscapes(root),
      mountPoint: undoEscapes(mountPoint),
      options: options.split(','),
      type,
      source: undoEscapes(source),
      superOptions: (superOptions ?? '').split(',').map(undoEscapes),
    };
  });
}

/** The mount whose mount point is exactly this path, the topmost one, or undefined. */
export async function mountAt(path: string): Promise<MountEntry | undefined> {
  return (await readMounts()).findLast(({ mountPoint }) => mountPoint === path);
}

/**
 * The mount that an existing directory lies on, with the inode number of the mount's root directory. The kernel tells
 * which one it is (`mnt_id` in proc_pid_fdinfo(5)); by paths alone a mount that another one hides would be taken for it.
 */
export async function findMount(path: string): Promise<MountEntry & { readonly rootInode: bigint }> {
  await using directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  const [fdinfo, mounts] = await Promise.all([readFile(`/proc/self/fdinfo/${directory.fd}`, 'utf8'), readMounts()]);
  const id = Number(/^mnt_id:\s*(\d+)$/m.exec(fdinfo)?.[1]);
  const entry = mounts.find((mount) => mount.id === id);
  if (entry === undefined) throw new SystemError('SYSTEM_BAD_PATH', `${path} lies on no mount of this namespace`);
  return { ...entry, rootInode: (await stat(entry.mountPoint, { bigint: true })).ino };
}

/** Three octal digits stand for a byte, several of them perhaps for one character; the rest of the text is decoded. */
function undoEscapes(field: string): string {
  return field.replaceAll(/(?:\\[0-3][0-7]{2})+/g, (escapes) =>
    Buffer.from(
      escapes
        .slice(1)
        .split('\\')
        .map((octal) => Number.parseInt(octal, 8)),
    ).toString('utf8'),
  );
}
