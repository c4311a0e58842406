import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { systemRunner } from '@goldstream/system';
import { describe, expect, test } from 'vitest';
import {
  actAtByte,
  btrfsTest,
  FOR_FAILING_DISK,
  flipBitUnder,
  leaveFree,
  pathWithout,
  requireOrSkip,
  withBtrfs,
  withFailingDisk,
} from '../src/index.ts';

const MIB = 1024 * 1024;
const INPUT_OUTPUT_ERROR = { code: 'EIO' };

describe('a failing disk', () => {
  test('refuses writes, and has what was there before when it is healed', async ({ skip }) => {
    await requireOrSkip(skip, FOR_FAILING_DISK);
    await withFailingDisk({}, async ({ mountPoint, fail, heal, remount }) => {
      const [before, after] = [join(mountPoint, 'before'), join(mountPoint, 'after')];
      await writeFile(before, 'durable');
      await systemRunner.run(['sync', '--file-system', mountPoint]);
      await fail('write');
      await writeFile(after, randomBytes(MIB));
      await expect(systemRunner.run(['sync', '--file-system', mountPoint])).rejects.toMatchObject({
        code: 'TOOL_FAILED',
      });
      await heal();
      await remount();
      expect(await readFile(before, 'utf8')).toBe('durable');
      await writeFile(after, 'works again');
    });
  });

  test('refuses reads', async ({ skip }) => {
    await requireOrSkip(skip, FOR_FAILING_DISK);
    await withFailingDisk({}, async ({ mountPoint, fail, heal, remount }) => {
      const file = join(mountPoint, 'file');
      await writeFile(file, randomBytes(MIB));
      await remount();
      await fail('read');
      await expect(readFile(file)).rejects.toMatchObject(INPUT_OUTPUT_ERROR);
      await heal();
      // Reads ahead that failed may still be on their way.
      await remount();
      expect(await readFile(file)).toHaveLength(MIB);
    });
  });
});

describe('flipBitUnder', () => {
  btrfsTest('makes one file unreadable and leaves its neighbour', async ({ btrfs }) => {
    const [rotten, sound] = [join(btrfs, 'rotten'), join(btrfs, 'sound')];
    for (const file of [rotten, sound]) await writeFile(file, randomBytes(64 * 1024));
    await flipBitUnder(rotten, 5000);
    // `readFile` takes what comes before the bad block for the whole file.
    await expect(buffer(createReadStream(rotten))).rejects.toMatchObject(INPUT_OUTPUT_ERROR);
    expect(await readFile(sound)).toHaveLength(64 * 1024);
  });
});

describe('a disk that becomes full', () => {
  btrfsTest('has so much left, and all of it again afterwards', async () => {
    await withBtrfs({ size: 128 * MIB }, async (pool) => {
      const { bavail: before } = await statfs(pool);
      {
        await using _ballast = await leaveFree(pool, 8 * MIB);
        await writeFile(join(pool, 'fits'), randomBytes(4 * MIB));
        await expect(writeFile(join(pool, 'too-much'), randomBytes(32 * MIB))).rejects.toMatchObject({
          code: 'ENOSPC',
        });
      }
      for (const name of ['fits', 'too-much']) await systemRunner.run(['rm', join(pool, name)]);
      await systemRunner.run(['sync', '--file-system', pool]);
      const { bavail: after } = await statfs(pool);
      expect(after / before).toBeGreaterThan(0.8);
    });
  });

  btrfsTest('does so at a certain byte of what a program gives', async ({ temporaryDirectory }) => {
    const path = await pathWithout(temporaryDirectory);
    const [count, content] = [join(temporaryDirectory, 'acted'), join(temporaryDirectory, 'content')];
    await writeFile(content, 'abcdef');
    await actAtByte(path, { program: 'cat', bytes: 3, command: ['touch', count] });
    const { stdout } = await systemRunner.run([join(path, 'cat'), content]);
    expect(stdout).toBe('abcdef');
    expect(await readFile(count, 'utf8')).toBe('');
  });
});
