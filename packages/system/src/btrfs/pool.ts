import { link, mkdir, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncDirectory } from '../files/durable.ts';
import type { Runner } from '../runner.ts';

/**
 * Makes a sparse file of `bytes` with an empty Btrfs in it; it gets its name when it is whole. Refuses to touch a file that exists (EEXIST).
 * mkfs.btrfs wants at least 109 MiB.
 */
export async function createPoolImage(runner: Runner, image: string, bytes: number): Promise<void> {
  await mkdir(dirname(image), { recursive: true });
  const workshop = await mkdtemp(join(dirname(image), '.new-pool-'));
  try {
    const unfinished = join(workshop, 'image');
    const file = await open(unfinished, 'wx', 0o600);
    try {
      await file.truncate(bytes);
      await runner.run(['mkfs.btrfs', '--quiet', unfinished]);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link refuses a name that is taken; a rename would replace it.
    await link(unfinished, image);
  } finally {
    await rm(workshop, { recursive: true });
  }
  await syncDirectory(dirname(image));
}

/** Mounts a pool image through a loop device that goes away with the mount. */
export async function mountPoolImage(runner: Runner, image: string, at: string): Promise<void> {
  await mkdir(at, { recursive: true });
  await runner.run(['mount', '-t', 'btrfs', '-o', 'loop,noatime', image, at]);
}

/** Bytes the image may grow to. */
export async function poolImageBytes(image: string): Promise<number> {
  return (await stat(image)).size;
}
