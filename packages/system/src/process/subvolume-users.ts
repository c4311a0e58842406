import { realpath, stat } from 'node:fs/promises';
import { SUBVOLUME_ROOT_INODE } from '../btrfs/filesystem.ts';
import { SystemError } from '../error.ts';
import { findMount } from '../mount/mountinfo.ts';
import { loopUses } from './usage/loop-uses.ts';
import { mountUses } from './usage/mount-uses.ts';
import { processUses } from './usage/process-uses.ts';
import { readSeenMounts, type SeenMounts } from './usage/seen-mounts.ts';
import type { SubvolumeUse, Target } from './usage/sighting.ts';

/**
 * Who uses subvolumes, for the one who wants to delete them: `btrfs subvolume delete` asks nobody, and a running tree
 * becomes empty. Looks at the mounts of every mount namespace, at loop devices and at what every process holds. What cannot be looked
 * into counts as a use of each of them (`unknown`), so an empty answer is a promise for the moment it was given.
 *
 * Seen is what procfs shows to root: processes outside our PID namespace are not.
 *
 * @param paths subvolumes of mounted Btrfs filesystems
 * @returns the uses of each, by the path as given
 * @throws SystemError `BTRFS_NO_SUCH_SUBVOLUME`
 */
export async function subvolumeUsers(paths: readonly string[]): Promise<ReadonlyMap<string, readonly SubvolumeUse[]>> {
  if (paths.length === 0) return new Map();
  const seen = await readSeenMounts();
  const targets = await Promise.all(paths.map((path) => targetAt(path, seen)));
  const sightings = (
    await Promise.all([mountUses(targets, seen), loopUses(targets), processUses(targets, seen)])
  ).flat();
  return new Map(
    paths.map((path) => [
      path,
      sightings.filter(({ target }) => target === path || target === 'any').map(({ use }) => use),
    ]),
  );
}

/** A use as a phrase: “process 12 (python3) has it open”. */
export function describeUse(use: SubvolumeUse): string {
  switch (use.kind) {
    case 'mount':
      return `it is mounted on ${use.mountPoint}${seenBy(use)}`;
    case 'layer':
      return `it is a layer of the overlay on ${use.mountPoint}${seenBy(use)}`;
    case 'process':
      return `process ${use.process} (${use.program}) ${HOLDS[use.by]}`;
    case 'loop':
      return `a file of it is behind ${use.device}`;
    case 'unknown':
      return use.says;
  }
}

const HOLDS = {
  descriptor: 'has a file of it open',
  mapping: 'has a file of it mapped',
  cwd: 'works in it',
  root: 'has its root directory in it',
  exe: 'runs a program of it',
} as const;

function seenBy({ own, process }: { readonly own: boolean; readonly process: number }): string {
  return own ? '' : ` in the mount namespace of process ${process}`;
}

async function targetAt(path: string, { byId }: SeenMounts): Promise<Target> {
  const { ino, dev } = await stat(path, { bigint: true });
  const { id, root, mountPoint } = await findMount(path);
  const device = byId.get(id)?.device;
  if (ino !== SUBVOLUME_ROOT_INODE || device === undefined) {
    throw new SystemError('BTRFS_NO_SUCH_SUBVOLUME', `${path} is not a subvolume of a mounted Btrfs`);
  }
  const below = (await realpath(path)).slice(mountPoint === '/' ? 0 : mountPoint.length);
  return { path, subvolumeDevice: dev, device, inFilesystem: `${root === '/' ? '' : root}${below}` };
}
