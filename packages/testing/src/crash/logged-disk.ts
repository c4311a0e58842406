import { mkdir, open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { withDiskDirectory } from '../disk-directory.ts';
import { unmountAllUsing } from '../mounts-using.ts';
import { withBlockNodes } from './storage-daemon.ts';
import { countEntries, type LogEntry, readWriteLog } from './write-log.ts';

const MIB = 1024 * 1024;
/** Sparse; a log that grows beyond it fails the operation under test with EIO. */
const LOG_BYTES = 16 * 1024 * MIB;

/** A mounted Btrfs whose every write, flush and discard is logged. */
export interface LoggedDisk {
  readonly mountPoint: string;
  /** File with the log, for who wants to read from it how far the disk is; see {@link countEntries}. */
  readonly log: string;
  /** How many requests the disk has taken. What is still in memory only is not among them. */
  position(): Promise<number>;
  /** Writes everything in memory to the disk, and gives back its position then. */
  sync(): Promise<number>;
}

/** What a disk was asked to do, to be played again with the power going at any instant; see {@link crashPoints}. */
export interface Recording {
  readonly directory: string;
  /** Where it was mounted, and every crashed disk is too: paths that were stored on it stay true. */
  readonly mountPoint: string;
  readonly log: string;
  readonly entries: readonly LogEntry[];
  /** Bytes of the disk. */
  readonly size: number;
}

/**
 * Runs `record` on a fresh Btrfs whose requests are logged, then `use` with the log; what `record` resolves to is
 * handed on. Needs root, FUSE and qemu-storage-daemon.
 *
 * Between the two the disk is unmounted and gone. Afterwards, also when one of them failed, nothing is left.
 */
export async function withLoggedDisk<Noted, T>(
  { size = 512 * MIB }: { readonly size?: number },
  record: (disk: LoggedDisk) => Promise<Noted>,
  use: (recording: Recording, noted: Noted) => Promise<T>,
): Promise<T> {
  return withDiskDirectory(size, async (directory) => {
    const at = (name: string) => join(directory, name);
    const [disk, log, mountPoint] = [at('disk'), at('log'), at('mnt')];
    await mkdir(mountPoint);
    for (const [file, bytes] of [[disk, size] as const, [log, LOG_BYTES] as const]) {
      await writeFile(file, '');
      await truncate(file, bytes);
    }
    const noted = await withBlockNodes(directory, nodesOf(disk, log), async (device) => {
      await systemRunner.capture(['mkfs.btrfs', '--quiet', device]);
      await systemRunner.run(['mount', '-t', 'btrfs', '-o', 'noatime', device, mountPoint]);
      try {
        return await record(loggedDisk(mountPoint, log));
      } finally {
        await unmountAllUsing(mountPoint);
      }
    });
    const entries = await withLog(log, readWriteLog);
    return use({ directory, mountPoint, log, entries, size }, noted);
  });
}

function loggedDisk(mountPoint: string, log: string): LoggedDisk {
  const position = () => withLog(log, countEntries);
  return {
    mountPoint,
    log,
    position,
    sync: async () => {
      await systemRunner.run(['sync', '--file-system', mountPoint]);
      return position();
    },
  };
}

function nodesOf(disk: string, log: string) {
  return [
    { driver: 'file', 'node-name': 'disk', filename: disk },
    { driver: 'file', 'node-name': 'log', filename: log },
    {
      driver: 'blklogwrites',
      'node-name': 'logged',
      file: { driver: 'raw', file: 'disk' },
      log: { driver: 'raw', file: 'log' },
      'log-sector-size': 512,
      // Its count of entries is true at every instant.
      'log-super-update-interval': 1,
    },
  ];
}

async function withLog<T>(path: string, read: (log: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
  await using log = await open(path);
  return await read(log);
}
