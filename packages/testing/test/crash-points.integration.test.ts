import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { describe, expect, test } from 'vitest';
import {
  type CrashMode,
  crashPoints,
  FOR_LOGGED_DISK,
  mountsUsing,
  requireOrSkip,
  withLoggedDisk,
} from '../src/index.ts';

const KIB = 1024;
const ROUNDS = 6;

/** Believes what it wrote as soon as it was written, and says so durably. */
const unsafe = async (_path: string) => {};
/** Flushes it first. */
const safe = async (path: string) => {
  await systemRunner.run(['sync', '--file-system', path]);
};

describe('crashPoints', () => {
  test.for(['prefix', 'drop'] as const)(
    'finds what a program lost that believed too early (%s)',
    async (mode, { skip }) => {
      await requireOrSkip(skip, FOR_LOGGED_DISK);
      expect(await brokenPromises(mode, unsafe)).not.toEqual([]);
    },
  );

  test.for(['prefix', 'drop'] as const)('finds nothing where a program flushed first (%s)', async (mode, { skip }) => {
    await requireOrSkip(skip, FOR_LOGGED_DISK);
    expect(await brokenPromises(mode, safe)).toEqual([]);
  });

  test('goes through the points of a recording and leaves nothing behind', async ({ skip }) => {
    await requireOrSkip(skip, FOR_LOGGED_DISK);
    let directory = '';
    const failing = withLoggedDisk(
      {},
      async ({ mountPoint, sync }) => {
        directory = dirname(mountPoint);
        const from = await sync();
        await promise(mountPoint, 0, safe);
        return { from, to: await sync() };
      },
      async (recording, { from, to }) => {
        for await (const point of crashPoints(recording, { mode: 'drop', count: 3, seed: 1, from, to, also: [to] })) {
          if (point.position < to) {
            // What one body does concerns no other.
            await promise(recording.mountPoint, 1, safe);
            await point.remount();
            expect(await readdir(recording.mountPoint)).toContain('promise-1');
            continue;
          }
          expect((await readdir(recording.mountPoint)).sort()).toEqual(['data-0', 'promise-0']);
          throw new RangeError('the body failed');
        }
      },
    );
    await expect(failing).rejects.toThrow(RangeError);
    expect(await mountsUsing(directory)).toEqual([]);
    expect(await systemRunner.capture(['losetup', '--list', '--noheadings', '--output', 'BACK-FILE'])).not.toContain(
      directory,
    );
    await expect(readdir(directory)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('says which disk cannot be mounted', async ({ skip }) => {
    await requireOrSkip(skip, FOR_LOGGED_DISK);
    const early = withLoggedDisk(
      {},
      async () => {},
      async (recording) => {
        // Before mkfs.btrfs had written anything.
        for await (const point of crashPoints(recording, { mode: 'prefix', count: 0, also: [0], seed: 1 })) {
          throw new RangeError(`${point.name} was mounted`);
        }
      },
    );
    await expect(early).rejects.toMatchObject({
      code: 'TESTING_CRASHED_DISK',
      message: expect.stringMatching(/^prefix: 0 of \d+ requests/),
    });
  });
});

/** A program that keeps data and a durable promise that it is there; which promises are broken after a power cut? */
async function brokenPromises(mode: CrashMode, flush: typeof safe): Promise<string[]> {
  return withLoggedDisk(
    {},
    async ({ mountPoint, sync }) => {
      const from = await sync();
      for (let round = 0; round < ROUNDS; round++) await promise(mountPoint, round, flush);
      return { from, to: await sync() };
    },
    async (recording, { from, to }) => {
      const broken: string[] = [];
      for await (const { name } of crashPoints(recording, { mode, count: 12, from, to, seed: 11 })) {
        for (const file of await readdir(recording.mountPoint)) {
          if (!/^promise-\d+$/.test(file)) continue;
          const said = await readFile(join(recording.mountPoint, file), 'utf8');
          const data = await readFile(join(recording.mountPoint, file.replace('promise', 'data'))).catch(() => '');
          if (said !== `${data.length}`) broken.push(`${name}: ${file} says ${said}, found ${data.length}`);
        }
      }
      return broken;
    },
  );
}

/** Writes data under its final name by renaming it, and a record with its length, by the book. */
async function promise(directory: string, round: number, flush: typeof safe): Promise<void> {
  const [data, record] = [join(directory, `data-${round}`), join(directory, `promise-${round}`)];
  await mkdir(directory, { recursive: true });
  await writeFile(`${data}.new`, randomBytes(256 * KIB));
  await rename(`${data}.new`, data);
  await flush(data);
  await using file = await open(`${record}.new`, 'w');
  await file.writeFile(`${256 * KIB}`);
  await file.sync();
  await rename(`${record}.new`, record);
  await using folder = await open(directory);
  await folder.sync();
}
