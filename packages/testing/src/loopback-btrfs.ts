import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { withDiskDirectory } from './disk-directory.ts';
import { unmountAllUsing } from './mounts-using.ts';

const MIB = 1024 * 1024;

/** What a pool for a test is like. */
export interface LoopbackPool {
  /** Bytes of the sparse image; mkfs.btrfs wants at least 109 MiB. Default: 512 MiB. */
  readonly size?: number;
  /** Further mount options beside `noatime`, such as `compress=zstd`. */
  readonly options?: readonly string[];
}

/**
 * Runs `use` with the mount point of a fresh, empty Btrfs on a loop device, mounted `noatime`. Needs root.
 *
 * Afterwards, also when `use` failed, everything that uses the pool is unmounted (overlays and bind mounts too), its
 * own loop device is detached and the image is removed. If something is still busy, that is the test's failure and
 * the image stays as evidence.
 */
export async function withBtrfs<T>(
  { size = 512 * MIB, options = [] }: LoopbackPool,
  use: (mountPoint: string) => Promise<T>,
): Promise<T> {
  return withDiskDirectory(size, async (directory) => {
    const image = join(directory, 'image');
    const mountPoint = join(directory, 'pool');
    await writeFile(image, '');
    await truncate(image, size);
    await mkdir(mountPoint);
    await systemRunner.capture(['mkfs.btrfs', '--quiet', image]);
    // With `-o loop` the kernel itself detaches the device after the last unmount.
    await systemRunner.capture([
      'mount',
      '-t',
      'btrfs',
      '-o',
      ['loop', 'noatime', ...options].join(','),
      image,
      mountPoint,
    ]);
    try {
      return await use(mountPoint);
    } finally {
      await unmountAllUsing(directory);
      await detachDevicesOf(image);
    }
  });
}

/**
 * Detaches what is still attached to exactly this file. After `mount -o loop` the kernel does it by itself, in its own
 * time: a device that it has detached in between is as good.
 */
export async function detachDevicesOf(image: string): Promise<void> {
  for (const device of await devicesOf(image)) {
    await systemRunner.capture(['losetup', '--detach', device]).catch(async (error: unknown) => {
      if ((await devicesOf(image)).includes(device)) throw error;
    });
  }
}

async function devicesOf(image: string): Promise<readonly string[]> {
  const listed = await systemRunner.capture(['losetup', '--associated', image, '--noheadings', '--output', 'NAME']);
  return listed.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}
