import { type FileHandle, open, rm } from 'node:fs/promises';
import { systemRunner } from '@goldstream/system';
import { detachDevicesOf } from '../loopback-btrfs.ts';
import { unmountAllUsing } from '../mounts-using.ts';

/** A file system that is mounted until disposed. */
export interface MountedCopy extends AsyncDisposable {
  /** Unmounts it and mounts it again, as a restart of the machine would. */
  remount(): Promise<void>;
}

/** What is copied, and what happens to the copy. */
export interface CopyPlan {
  /** File with a Btrfs. */
  readonly image: string;
  /** An existing directory on which nothing is mounted. */
  readonly mountPoint: string;
  /** Changes the copy before it is mounted. */
  readonly alter?: (copy: FileHandle) => Promise<void>;
}

/**
 * Mounts a copy of an image, which stays as it is. Only the blocks that are in use are copied, and none where the file
 * system can share them.
 *
 * The original must not be mounted: the kernel knows a Btrfs by its UUID, and the copy has the same.
 * When disposed, everything that uses the mount point is unmounted and the copy is removed.
 */
export async function mountCopy({ image, mountPoint, alter }: CopyPlan): Promise<MountedCopy> {
  const copy = `${image}.copy`;
  const mount = () => systemRunner.run(['mount', '-t', 'btrfs', '-o', 'loop,noatime', copy, mountPoint]);
  const take = async () => {
    await unmountAllUsing(mountPoint);
    await detachDevicesOf(copy);
  };
  const remove = async () => {
    await take();
    await rm(copy);
  };
  await systemRunner.run(['cp', '--reflink=auto', '--sparse=auto', image, copy]);
  try {
    if (alter !== undefined) await withFile(copy, alter);
    await mount();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    remount: async () => {
      await take();
      await mount();
    },
    [Symbol.asyncDispose]: remove,
  };
}

async function withFile(path: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  await using file = await open(path, 'r+');
  await use(file);
}
