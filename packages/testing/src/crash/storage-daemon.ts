import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';

/** A node of QEMU's block layer, as `--blockdev` takes it (qemu-storage-daemon(1)). */
export type BlockNode = Readonly<Record<string, unknown>> & { readonly driver: string; readonly 'node-name': string };

/**
 * Runs `use` with a loop device whose requests go through block nodes of QEMU's storage daemon, the last of which is
 * exported over FUSE as a file in `directory`. Needs root. Afterwards, also when `use` failed, device and daemon are
 * gone; who mounted the device has unmounted it.
 */
export async function withBlockNodes<T>(
  directory: string,
  nodes: readonly BlockNode[],
  use: (device: string) => Promise<T>,
): Promise<T> {
  const [exported, pidFile] = [join(directory, 'exported'), join(directory, 'daemon.pid')];
  const top = nodes.at(-1)?.['node-name'] ?? '';
  await writeFile(exported, '');
  // It goes to the background when everything is ready, and not earlier.
  await systemRunner.run([
    'qemu-storage-daemon',
    '--daemonize',
    '--pidfile',
    pidFile,
    ...nodes.flatMap((node) => ['--blockdev', JSON.stringify(node)]),
    '--export',
    JSON.stringify({ type: 'fuse', id: 'exported', 'node-name': top, mountpoint: exported, writable: true }),
  ]);
  const pid = (await readFile(pidFile, 'utf8')).trim();
  try {
    return await withLoopDevice(exported, use);
  } finally {
    process.kill(Number(pid), 'SIGTERM');
    // Not our child: it ends, and takes its mount away, in its own time.
    await systemRunner.run(['timeout', '60', 'tail', `--pid=${pid}`, '--sleep-interval=0.02', '--follow', '/dev/null']);
  }
}

async function withLoopDevice<T>(file: string, use: (device: string) => Promise<T>): Promise<T> {
  const device = (await systemRunner.capture(['losetup', '--find', '--show', file])).trim();
  try {
    return await use(device);
  } finally {
    await systemRunner.run(['losetup', '--detach', device]);
  }
}
