import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemRunner, unmount } from '@goldstream/system';
import { btrfsTest, FOR_BTRFS, requireOrSkip, withTemporaryDirectory } from '@goldstream/testing';
import { describe, expect, it } from 'vitest';
import { makeWorkshop } from './workshop.ts';

describe('goldstream-builder init', () => {
  it('makes a sparse image where there is no Btrfs, and mounts it again after a restart', async ({ skip }) => {
    await requireOrSkip(skip, FOR_BTRFS);
    await withTemporaryDirectory(async (directory) => {
      const shop = await makeWorkshop(directory);
      const { pool, image, golden } = shop.layout;
      expect(await shop.do('init', '--size', '512MiB')).toContain(`mounted from ${image} (at most 512.0 MiB)`);
      expect(await stat(image)).toMatchObject({ size: 512 * 1024 * 1024 });
      await shop.do('golden', 'update');

      await unmount(systemRunner, pool);
      expect(await shop.run(['golden', 'verify'])).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining('is not mounted there'),
      });
      await shop.do('init');
      await shop.do('golden', 'verify');
      expect(await readdir(golden)).toEqual(['stage-1']);
      expect((await shop.run(['init'])).stderr).toContain('nothing to do');
    });
  });

  btrfsTest('uses a directory that is on Btrfs', async ({ btrfs }) => {
    const shop = await makeWorkshop(btrfs);
    expect(await shop.do('init')).toBe(`${shop.layout.pool} is ready, a directory on Btrfs\n`);
    expect((await shop.run(['init'])).stderr).toContain('nothing to do');
  });

  it('hides no files under a mount', async ({ skip }) => {
    await requireOrSkip(skip, FOR_BTRFS);
    await withTemporaryDirectory(async (directory) => {
      const shop = await makeWorkshop(directory);
      await mkdir(shop.layout.pool, { recursive: true });
      await writeFile(join(shop.layout.pool, 'precious'), '');
      expect(await shop.run(['init'])).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining('BUILDER_POOL_BLOCKED'),
      });
      expect(await readdir(dirname(shop.layout.pool))).toEqual(['shop', 'shop.lock']);
    });
  });
});
