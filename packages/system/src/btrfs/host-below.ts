import { readFile, stat, statfs } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/** The filesystem below a loopback pool. A sparse image promises more than that may have: then writes fail with EIO. */
export interface HostBelow {
  /** The image file. */
  readonly image: string;
  /** Bytes of it that the filesystem below has not set aside yet. */
  readonly promised: number;
  /** Bytes that the filesystem below can still take. */
  readonly free: number;
}

/** Looks below a loop device; undefined for every other device, and where the image cannot be seen from here. */
export async function hostBelow(device: string): Promise<HostBelow | undefined> {
  if (!/^\/dev\/loop\d+$/.test(device)) return undefined;
  const backing = `/sys/block/${basename(device)}/loop/backing_file`;
  const image = (await readFile(backing, 'utf8').catch(() => '')).replace(/\n$/, '');
  // The path is one of the namespace in which the device was set up.
  const [file, filesystem] = await Promise.all([
    stat(image).catch(() => undefined),
    statfs(dirname(image)).catch(() => undefined),
  ]);
  if (image === '' || file?.isFile() !== true || filesystem === undefined) return undefined;
  return {
    image,
    // stat(2) counts blocks of 512 bytes, whatever the filesystem's are.
    promised: Math.max(0, file.size - file.blocks * 512),
    free: filesystem.bavail * filesystem.bsize,
  };
}
