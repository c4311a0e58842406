import { join } from 'node:path';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import {
  createPoolImage,
  createSubvolume,
  mountPoolImage,
  roomOf,
  systemRunner as runner,
  syncFilesystem,
} from '../src/index.ts';

const MIB = 1024 * 1024;

describe('roomOf', () => {
  btrfsTest('shrinks by what is written', async ({ btrfs }) => {
    const before = await roomOf(runner, btrfs);
    await runner.run(['fallocate', '--length', '64MiB', join(btrfs, 'ballast')]);
    await syncFilesystem(runner, btrfs);
    const after = await roomOf(runner, btrfs);
    const gone = takeable(before) - takeable(after);
    expect(gone / MIB).toBeGreaterThanOrEqual(60);
    expect(gone / MIB).toBeLessThanOrEqual(68);
    expect(after).toMatchObject({ readOnly: false, quotas: [], beingCleaned: 0 });
  });

  btrfsTest('tells a limit, also where the path is not the top of the pool', async ({ btrfs }) => {
    await runner.run(['btrfs', 'quota', 'enable', btrfs]);
    const limited = join(btrfs, 'limited');
    await createSubvolume(runner, limited);
    await runner.run(['btrfs', 'qgroup', 'limit', '20M', limited]);
    await syncFilesystem(runner, btrfs);
    const { quotas } = await roomOf(runner, limited);
    expect(quotas).toEqual([expect.objectContaining({ limit: 20 * MIB })]);
    expect((await roomOf(runner, btrfs)).quotas).toEqual([]);
  });

  btrfsTest('sees that a filesystem is read-only', async ({ btrfs }) => {
    await runner.run(['mount', '-o', 'remount,ro', btrfs]);
    expect(await roomOf(runner, btrfs)).toMatchObject({ readOnly: true });
  });

  btrfsTest('looks below the image of a loopback pool', async ({ btrfs }) => {
    const [image, pool] = [join(btrfs, 'pool.image'), join(btrfs, 'pool')];
    await createPoolImage(runner, image, 4096 * MIB);
    await mountPoolImage(runner, image, pool);
    const { below, unallocated } = await roomOf(runner, pool);
    // The test's own filesystem has 512 MiB; the pool on it believes in more.
    expect(unallocated).toBeGreaterThan(3000 * MIB);
    expect(below).toMatchObject({ image });
    expect(below?.promised).toBeGreaterThan(4000 * MIB);
    expect(below?.free).toBeLessThanOrEqual(512 * MIB);
  });
});

function takeable({ data, unallocated }: Awaited<ReturnType<typeof roomOf>>): number {
  return data.free + unallocated / data.ratio;
}
