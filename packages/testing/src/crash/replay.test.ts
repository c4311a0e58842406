import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { directoryTest } from '../fixtures.ts';
import { FLUSH, FUA, type HandMade, handMadeLog, SECTOR } from './hand-made-log.ts';
import { Replay } from './replay.ts';
import { readWriteLog } from './write-log.ts';

const NOTHING = () => false;
const ALL = () => true;

describe('a replay', () => {
  directoryTest('has what was flushed, and may lose the rest', async ({ temporaryDirectory }) => {
    const log = [{ sector: 0, sectors: 1, fill: 1 }, { sector: 1, sectors: 1, fill: 2 }, { flags: FLUSH }];
    expect(await replayed(temporaryDirectory, log, 2, NOTHING)).toEqual({ sectors: [0, 0], lost: 2 });
    expect(await replayed(temporaryDirectory, log, 2, ALL)).toEqual({ sectors: [1, 2], lost: 0 });
    expect(await replayed(temporaryDirectory, log, 3, NOTHING)).toEqual({ sectors: [1, 2], lost: 0 });
  });

  directoryTest('loses a write and keeps a later one', async ({ temporaryDirectory }) => {
    const log = [
      { sector: 0, sectors: 1, fill: 1 },
      { sector: 1, sectors: 1, fill: 2 },
    ];
    let asked = 0;
    expect(await replayed(temporaryDirectory, log, 2, () => asked++ > 0)).toEqual({ sectors: [0, 2], lost: 1 });
  });

  directoryTest('keeps a write that needed no flush, and only that', async ({ temporaryDirectory }) => {
    const log = [
      { sector: 0, sectors: 2, fill: 1 },
      { flags: FUA, sector: 1, sectors: 1, fill: 2 },
    ];
    expect(await replayed(temporaryDirectory, log, 2, NOTHING)).toEqual({ sectors: [0, 2], lost: 1 });
    expect(await replayed(temporaryDirectory, log, 2, ALL)).toEqual({ sectors: [1, 2], lost: 0 });
  });

  directoryTest('takes a flush before the data of the same request', async ({ temporaryDirectory }) => {
    const log = [
      { sector: 0, sectors: 1, fill: 1 },
      { flags: FLUSH, sector: 1, sectors: 1, fill: 2 },
    ];
    expect(await replayed(temporaryDirectory, log, 2, NOTHING)).toEqual({ sectors: [1, 0], lost: 1 });
  });
});

/** The first byte of each of two sectors, after so many entries. */
async function replayed(directory: string, made: readonly HandMade[], position: number, survives: () => boolean) {
  const [log, image, copy] = ['log', 'image', 'copy'].map((name) => join(directory, name)) as [string, string, string];
  await writeFile(log, handMadeLog(made));
  await writeFile(image, Buffer.alloc(2 * SECTOR));
  await using logFile = await open(log);
  await using imageFile = await open(image, 'r+');
  const replay = new Replay(await readWriteLog(logFile), logFile, imageFile);
  await replay.advanceTo(position);
  await writeFile(copy, await readFile(image));
  await using copyFile = await open(copy, 'r+');
  const lost = await replay.applyWaiting(copyFile, survives);
  const bytes = await readFile(copy);
  return { sectors: [bytes[0], bytes[SECTOR]], lost };
}
