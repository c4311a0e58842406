import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { describe, expect } from 'vitest';
import { btrfsTest, FOR_BTRFS, mountsUsing, requireOrSkip, withBtrfs, withTemporaryDirectory } from '../src/index.ts';

describe('the btrfs fixture', () => {
  btrfsTest('is an empty Btrfs on which subvolumes can be made', async ({ btrfs }) => {
    await systemRunner.capture(['btrfs', 'subvolume', 'create', join(btrfs, 'golden')]);
    expect(await systemRunner.capture(['stat', '--file-system', '--format=%T', btrfs])).toBe('btrfs\n');
  });

  btrfsTest('is one of its own beside a second pool', async ({ btrfs, temporaryDirectory }) => {
    await withBtrfs({ size: 256 * 1024 * 1024, options: ['compress=zstd:1'] }, async (second) => {
      await writeFile(join(second, 'file'), 'second');
      await expect(access(join(btrfs, 'file'))).rejects.toMatchObject({ code: 'ENOENT' });
      await systemRunner.capture(['mount', '--bind', second, temporaryDirectory]);
      expect(await mountsUsing(dirname(second))).toContain(temporaryDirectory);
    });
    expect(await mountsUsing(temporaryDirectory)).toEqual([]);
  });
});

describe('withBtrfs', () => {
  btrfsTest('takes everything away again when the test fails, with what was mounted on it', async ({ skip }) => {
    await requireOrSkip(skip, FOR_BTRFS);
    let pool = '';
    const failing = withBtrfs({}, async (mountPoint) => {
      pool = mountPoint;
      await overlayIn(mountPoint);
      throw new RangeError('the test failed');
    });

    await expect(failing).rejects.toThrow(RangeError);

    const directory = dirname(pool);
    expect(await mountsUsing(directory)).toEqual([]);
    expect(await systemRunner.capture(['losetup', '--list', '--noheadings', '--output', 'BACK-FILE'])).not.toContain(
      directory,
    );
    await expect(access(directory)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('withTemporaryDirectory', () => {
  btrfsTest('unmounts what was mounted in it, whatever the path', async ({ btrfs }) => {
    const mountPoint = await withTemporaryDirectory(async (directory) => {
      const spaced = join(directory, 'a b\\c');
      await mkdir(spaced);
      await systemRunner.capture(['mount', '--bind', btrfs, spaced]);
      await writeFile(join(spaced, 'file'), '');
      return spaced;
    });

    expect(await mountsUsing(mountPoint)).toEqual([]);
    await access(join(btrfs, 'file'));
  });
});

async function overlayIn(pool: string): Promise<void> {
  for (const name of ['lower', 'upper', 'work', 'root']) await mkdir(join(pool, name));
  const layers = `lowerdir=${pool}/lower,upperdir=${pool}/upper,workdir=${pool}/work`;
  await systemRunner.capture(['mount', '-t', 'overlay', '-o', layers, 'overlay', join(pool, 'root')]);
  await systemRunner.capture(['mount', '--bind', join(pool, 'root'), join(pool, 'lower')]);
}
