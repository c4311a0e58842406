import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { withDiskDirectory } from '../disk-directory.ts';
import { detachDevicesOf } from '../loopback-btrfs.ts';
import { unmountAllUsing } from '../mounts-using.ts';
import { mountCopy } from './mounted-copy.ts';

const MIB = 1024 * 1024;

/** A Btrfs in a state that many tests begin with. */
export interface SavedDisk {
  /** Runs `use` on a copy, mounted where the original was made: paths that are stored on it are true. */
  onCopy<T>(use: (mountPoint: string) => Promise<T>): Promise<T>;
}

/** Runs `prepare` on a fresh Btrfs and `use` with what came of it. Afterwards nothing is left. Needs root. */
export async function withSavedDisk<T>(
  { size = 512 * MIB }: { readonly size?: number },
  prepare: (mountPoint: string) => Promise<void>,
  use: (disk: SavedDisk) => Promise<T>,
): Promise<T> {
  return withDiskDirectory(size, async (directory) => {
    const [image, mountPoint] = [join(directory, 'image'), join(directory, 'mnt')];
    await mkdir(mountPoint);
    await writeFile(image, '');
    await truncate(image, size);
    await systemRunner.capture(['mkfs.btrfs', '--quiet', image]);
    await systemRunner.run(['mount', '-t', 'btrfs', '-o', 'loop,noatime', image, mountPoint]);
    try {
      await prepare(mountPoint);
    } finally {
      await unmountAllUsing(mountPoint);
      await detachDevicesOf(image);
    }
    return use({
      onCopy: async (body) => {
        await using _copy = await mountCopy({ image, mountPoint });
        return await body(mountPoint);
      },
    });
  });
}
