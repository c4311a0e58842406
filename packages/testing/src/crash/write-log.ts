import type { FileHandle } from 'node:fs/promises';
import { TestingError } from '../error.ts';

/** One request that reached a disk, in the order in which the disk took them. Offsets and lengths are in bytes. */
export interface LogEntry {
  /** All that was acknowledged before this entry was durable when it was acknowledged. */
  readonly flush: boolean;
  /** What this entry writes was durable when it was acknowledged. */
  readonly fua: boolean;
  /** What was written; nothing for a flush, a mark and a discard (which a disk may ignore, and so do we). */
  readonly write: LoggedWrite | undefined;
}

/** Bytes that were written to the disk, and where the log has them. */
export interface LoggedWrite {
  readonly at: number;
  readonly length: number;
  readonly inLog: number;
}

/**
 * Reads what a disk was asked to do, in the format of Linux's dm-log-writes, which QEMU's `blklogwrites` writes too.
 *
 * Source: drivers/md/dm-log-writes.c (`log_write_super`, `log_write_entry`), Documentation/admin-guide/device-mapper/
 * log-writes.rst. All numbers are little-endian; entries begin at the second sector, each in a sector of its own with
 * its data behind it.
 *
 * @throws TestingError `TESTING_BAD_LOG`
 */
export async function readWriteLog(log: FileHandle): Promise<readonly LogEntry[]> {
  const { count, sectorSize } = await readSuper(log);
  const { size } = await log.stat();
  const entries: LogEntry[] = [];
  const header = Buffer.alloc(ENTRY_BYTES);
  let offset = sectorSize;
  for (let index = 0; index < count; index++) {
    await readExactly(log, header, offset, `entry ${index}`);
    const flags = Number(header.readBigUInt64LE(16));
    const at = Number(header.readBigUInt64LE(0)) * sectorSize;
    const length = Number(header.readBigUInt64LE(8)) * sectorSize;
    offset += sectorSize;
    const writes = length > 0 && (flags & (FLAG.discard | FLAG.mark)) === 0;
    if (writes && offset + length > size) {
      throw bad(`entry ${index} has ${length} bytes of data at ${offset}, the log ends at ${size}`);
    }
    entries.push({
      flush: (flags & FLAG.flush) !== 0,
      fua: (flags & FLAG.fua) !== 0,
      write: writes ? { at, length, inLog: offset } : undefined,
    });
    if (writes) offset += length;
  }
  return entries;
}

/** How many entries a log has until now; it may still be written to. */
export async function countEntries(log: FileHandle): Promise<number> {
  return (await readSuper(log)).count;
}

/** WRITE_LOG_MAGIC, "jsfwgshr" backwards. */
const MAGIC = 0x6a736677736872n;
const VERSION = 1n;
const SUPER_BYTES = 28;
const ENTRY_BYTES = 32;
const FLAG = { flush: 1, fua: 2, discard: 4, mark: 8 } as const;

async function readSuper(log: FileHandle): Promise<{ count: number; sectorSize: number }> {
  const bytes = Buffer.alloc(SUPER_BYTES);
  await readExactly(log, bytes, 0, 'the super block');
  const magic = bytes.readBigUInt64LE(0);
  if (magic !== MAGIC) throw bad(`the magic number is 0x${magic.toString(16)}, expected 0x${MAGIC.toString(16)}`);
  const version = bytes.readBigUInt64LE(8);
  if (version !== VERSION) throw bad(`the version is ${version}, expected ${VERSION}`);
  const sectorSize = bytes.readUInt32LE(24);
  if (sectorSize < 512 || sectorSize > 65_536 || (sectorSize & (sectorSize - 1)) !== 0) {
    throw bad(`the sector size is ${sectorSize}, expected a power of two from 512 on`);
  }
  return { count: Number(bytes.readBigUInt64LE(16)), sectorSize };
}

async function readExactly(log: FileHandle, into: Buffer, position: number, what: string): Promise<void> {
  const { bytesRead } = await log.read(into, 0, into.length, position);
  if (bytesRead < into.length) throw bad(`${what} at byte ${position} is cut off`);
}

function bad(problem: string): TestingError {
  return new TestingError('TESTING_BAD_LOG', `log of writes: ${problem}`);
}
