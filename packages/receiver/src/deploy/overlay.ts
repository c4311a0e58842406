import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Version } from '@goldstream/release';
import {
  createSubvolume,
  type MountEntry,
  mountOverlay,
  REPLACEABLE_LOWER,
  readMounts,
  SystemError,
  snapshotSubvolume,
  syncFilesystem,
} from '@goldstream/system';
import { mountLimits } from '../host/mount-limits.ts';
import type { Tools } from '../host/tools.ts';
import type { Drop } from '../overlay/drop.ts';
import { dropEdits } from '../overlay/drop-edits.ts';
import { bindPersists } from '../persist/bind-persist.ts';
import { gatherPlaces } from '../persist/gather-places.ts';
import { unmountDeployment } from './unmount-deployment.ts';

/**
 * Makes a writable layer with nothing in it: one subvolume that holds `upper` and `work`. It is on disk when this
 * resolves: `current`, whose rename alone is synced later, must not name a deployment without one. (A snapshot is on
 * disk when it is made.)
 */
export async function createUpper({ runner }: Tools, overlay: string): Promise<void> {
  await createSubvolume(runner, overlay);
  await mkdir(join(overlay, 'upper'), { mode: 0o755 });
  await mkdir(join(overlay, 'work'), { mode: 0o700 });
  await syncFilesystem(runner, overlay);
}

/**
 * Makes a writable layer that continues another one, but for what is dropped. Work directories are the kernel's and are
 * not carried over.
 */
export async function continueUpper(
  { runner }: Tools,
  from: string,
  overlay: string,
  drops: readonly Drop[] = [],
): Promise<void> {
  await snapshotSubvolume(runner, from, overlay);
  await rm(join(overlay, 'work'), { recursive: true, force: true });
  await mkdir(join(overlay, 'work'), { mode: 0o700 });
  await dropEdits(runner, join(overlay, 'upper'), drops);
}

/**
 * Mounts a version with a writable layer above it, and in it what all deployments share. Refuses a layer that is in use
 * already: the kernel would mount it a second time with a mere warning, and both would lose writes.
 */
export async function mountDeployment(
  tools: Pick<Tools, 'runner' | 'layout' | 'config'>,
  { version, overlay, at }: { readonly version: Version; readonly overlay: string; readonly at: string },
): Promise<void> {
  const { runner, layout, config } = tools;
  const upper = join(overlay, 'upper');
  const taken = (await readMounts()).find((mount) => upperOf(mount) === upper);
  if (taken !== undefined) {
    throw new SystemError('SYSTEM_MOUNT_BUSY', `${upper} is the writable layer of ${taken.mountPoint} already`, {
      hint: `Unmount it: umount ${taken.mountPoint}`,
    });
  }
  const places = await gatherPlaces(layout, version);
  await mountOverlay(runner, {
    lower: layout.version(version),
    upper,
    work: join(overlay, 'work'),
    at,
    options: [...REPLACEABLE_LOWER, ...mountLimits(config.allow)],
  });
  try {
    await bindPersists(tools, at, places);
  } catch (error) {
    await unmountDeployment(tools, at);
    throw error;
  }
}

/** The writable layer of an overlay mount; undefined for every other mount. */
export function upperOf({ type, superOptions }: MountEntry): string | undefined {
  if (type !== 'overlay') return undefined;
  return superOptions.find((option) => option.startsWith('upperdir='))?.slice('upperdir='.length);
}

/** Whether a mount takes writes. */
export function isWritable({ options, superOptions }: MountEntry): boolean {
  return !options.includes('ro') && !superOptions.includes('ro');
}
