import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { directoryTest } from '../fixtures.ts';
import { DISCARD, FLUSH, FUA, handMadeLog, MARK, SECTOR } from './hand-made-log.ts';
import { countEntries, readWriteLog } from './write-log.ts';

describe('readWriteLog', () => {
  directoryTest('reads writes, flushes, marks and discards', async ({ temporaryDirectory }) => {
    const log = handMadeLog([
      { sector: 8, sectors: 2, fill: 1 },
      { flags: FLUSH },
      { flags: DISCARD, sector: 0, sectors: 1024 },
      { flags: MARK, sectors: 3 },
      { flags: FLUSH | FUA, sector: 1, sectors: 1, fill: 2 },
    ]);
    const read = await withLog(temporaryDirectory, log, async (file) => {
      expect(await countEntries(file)).toBe(5);
      return readWriteLog(file);
    });
    expect(read).toEqual([
      { flush: false, fua: false, write: { at: 8 * SECTOR, length: 2 * SECTOR, inLog: 2 * SECTOR } },
      { flush: true, fua: false, write: undefined },
      { flush: false, fua: false, write: undefined },
      { flush: false, fua: false, write: undefined },
      { flush: true, fua: true, write: { at: SECTOR, length: SECTOR, inLog: 8 * SECTOR } },
    ]);
  });

  directoryTest('refuses what is no log, and one that is cut off', async ({ temporaryDirectory }) => {
    const whole = handMadeLog([{ sectors: 2, fill: 1 }, { flags: FLUSH }]);
    const hostile = {
      'magic number': handMadeLog([], { magic: 1n }),
      version: handMadeLog([], { version: 2n }),
      'sector size': Buffer.from(whole).fill(7, 24, 28),
      'super block': whole.subarray(0, 20),
      'entry 0': whole.subarray(0, SECTOR + 8),
      'bytes of data': whole.subarray(0, 3 * SECTOR),
      'entry 1': whole.subarray(0, 4 * SECTOR),
    };
    for (const [place, bytes] of Object.entries(hostile)) {
      await expect(withLog(temporaryDirectory, bytes, readWriteLog), place).rejects.toMatchObject({
        code: 'TESTING_BAD_LOG',
        message: expect.stringContaining(place),
      });
    }
  });
});

async function withLog<T>(directory: string, bytes: Uint8Array, use: (log: FileHandle) => Promise<T>): Promise<T> {
  const path = join(directory, 'log');
  await writeFile(path, bytes);
  await using log = await open(path);
  return await use(log);
}
