import { open, realpath } from 'node:fs/promises';
import { systemRunner } from '@goldstream/system';
import { TestingError } from '../error.ts';

/**
 * Flips the lowest bit of a file's byte on disk, under the file system: what reads it next finds that its checksum is
 * wrong. The file is forgotten in memory, so that the next read is from the disk. Node's `readFile` takes a short read for the end
 * of a file, and so gives what comes before the bad block without an error; a stream fails.
 *
 * For a file in an extent of its own (not inline, so of at least 4 KiB say, and not compressed), on a Btrfs with one
 * copy of data on a loop device.
 */
export async function flipBitUnder(file: string, offset = 0): Promise<void> {
  const path = await realpath(file);
  await systemRunner.run(['sync', '--file-system', path]);
  const device = (await ask('findmnt', '--noheadings', '--output', 'SOURCE', '--target', path)).replace(/\[.*$/, '');
  const image = await ask('losetup', '--noheadings', '--output', 'BACK-FILE', device);
  const at = (await physicalStart(path, device)) + offset;
  await using disk = await open(image, 'r+');
  await using original = await open(path);
  const [onDisk, inFile] = [Buffer.alloc(1), Buffer.alloc(1)];
  await disk.read(onDisk, 0, 1, at);
  await original.read(inFile, 0, 1, offset);
  if (!onDisk.equals(inFile)) {
    throw new TestingError('TESTING_CRASHED_DISK', `${path} is not at byte ${at} of ${image}: is it compressed?`);
  }
  onDisk.writeUInt8(onDisk.readUInt8() ^ 1);
  await disk.write(onDisk, 0, 1, at);
  await disk.sync();
  await forget(path);
}

/** Takes a file's clean pages out of memory (POSIX_FADV_DONTNEED), so that it is read from the disk. */
export async function forget(file: string): Promise<void> {
  await systemRunner.run(['dd', `if=${file}`, 'iflag=nocache', 'count=0', 'status=none']);
}

/** Where the file's first extent begins on the device: FIEMAP tells Btrfs' logical address, its chunk tree the rest. */
async function physicalStart(path: string, device: string): Promise<number> {
  const extents = await ask('filefrag', '-b1', '-v', path);
  const logical = /^\s*0:\s+0\.\.\s*\d+:\s+(\d+)\.\./m.exec(extents)?.[1];
  const mapped = logical && (await ask('btrfs-map-logical', '--logical', logical, device));
  const physical = mapped && /physical (\d+)/.exec(mapped)?.[1];
  if (!physical) throw new TestingError('TESTING_CRASHED_DISK', `no place on disk is known of ${path}: ${extents}`);
  return Number(physical);
}

async function ask(...command: [string, ...string[]]): Promise<string> {
  return (await systemRunner.capture(command)).trim();
}
