import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { withBlockNodes } from '../crash/storage-daemon.ts';
import { unmountAllUsing } from '../mounts-using.ts';
import { eventually } from '../systemd/eventually.ts';
import { withTemporaryDirectory } from '../temporary-directory.ts';
import { forget } from './flip-bit.ts';

const MIB = 1024 * 1024;

/** Which requests a disk can refuse. */
export type Refused = 'read' | 'write';

/** A mounted Btrfs on a disk that answers with EIO on demand. */
export interface FailingDisk {
  readonly mountPoint: string;
  /** From now on every read of what is not in the file system's memory, or every write, fails. */
  fail(what: Refused): Promise<void>;
  /** From now on none does. */
  heal(): Promise<void>;
  /** Unmounts it and mounts it again: nothing is in memory any more. */
  remount(): Promise<void>;
}

/**
 * Runs `use` on a fresh Btrfs whose disk can be made to fail, and is healthy at first. Needs root, FUSE,
 * qemu-storage-daemon and nbdkit. Afterwards, also when `use` failed, nothing is left.
 *
 * Requests go through nbdkit's error filter (nbdkit-error-filter(1)), which looks whether a file is there.
 */
export async function withFailingDisk<T>(
  { size = 512 * MIB }: { readonly size?: number },
  use: (disk: FailingDisk) => Promise<T>,
): Promise<T> {
  return withTemporaryDirectory(async (directory) => {
    const at = (name: string) => join(directory, name);
    const [image, socket, mountPoint] = [at('image'), at('socket'), at('mnt')];
    const orders: Record<Refused, string> = { read: at('fail-read'), write: at('fail-write') };
    await mkdir(mountPoint);
    await writeFile(image, '');
    await truncate(image, size);
    const heal = async () => {
      for (const order of Object.values(orders)) await rm(order, { force: true });
    };
    return withDiskServer([image, socket, at('server.pid')], orders, () =>
      withBlockNodes(
        directory,
        [{ driver: 'nbd', 'node-name': 'top', server: { type: 'unix', path: socket } }],
        async (device) => {
          const mount = () => systemRunner.run(['mount', '-t', 'btrfs', '-o', 'noatime', device, mountPoint]);
          await systemRunner.capture(['mkfs.btrfs', '--quiet', device]);
          await mount();
          try {
            return await use({
              mountPoint,
              heal,
              fail: async (what) => {
                await writeFile(orders[what], '');
                // The loop device keeps what it read and wrote, too.
                await forget(at('exported'));
              },
              remount: async () => {
                await unmountAllUsing(mountPoint);
                await mount();
              },
            });
          } finally {
            await heal();
            await unmountAllUsing(mountPoint);
          }
        },
      ),
    );
  });
}

/** Serves the image as a disk on a socket while `use` runs. */
async function withDiskServer<T>(
  [image, socket, pidFile]: readonly [string, string, string],
  orders: Readonly<Record<Refused, string>>,
  use: () => Promise<T>,
): Promise<T> {
  const refusing = (['read', 'write'] as const).flatMap((what) => [
    `error-p${what}=EIO`,
    `error-p${what}-rate=100%`,
    `error-p${what}-file=${orders[what]}`,
  ]);
  const serve = ['nbdkit', '--foreground', '--unix', socket, '--pidfile', pidFile, '--filter', 'error'] as const;
  const server = systemRunner.spawn([...serve, 'file', image, ...refusing]);
  try {
    // It writes the file when it listens.
    await Promise.race([
      server.ended,
      eventually('the disk server listens', async () => (await exists(pidFile)) || undefined),
    ]);
    return await use();
  } finally {
    server.kill();
    await server.ended.catch(() => {});
  }
}

async function exists(path: string): Promise<boolean> {
  return systemRunner.run(['test', '-s', path], { accept: [1] }).then(({ exitCode }) => exitCode === 0);
}
