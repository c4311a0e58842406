import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import {
  mountAt,
  mountOverlay,
  REPLACEABLE_LOWER,
  remountReadOnly,
  remountWritable,
  systemRunner as runner,
  unmount,
} from '../src/index.ts';

describe('an overlay', () => {
  btrfsTest('takes writes above a lower layer that stays as it was', async ({ btrfs }) => {
    const { at, lower, upper } = await mounted(btrfs);
    await writeFile(join(at, 'file'), 'edited');
    expect(await readFile(join(lower, 'file'), 'utf8')).toBe('released');
    expect(await readFile(join(upper, 'file'), 'utf8')).toBe('edited');
  });

  btrfsTest('is mounted with the options under which its lower layer may be replaced', async ({ btrfs }) => {
    const { at, upper } = await mounted(btrfs);
    const { type, options, superOptions } = (await mountAt(at)) ?? {};
    expect([type, options]).toEqual(['overlay', expect.arrayContaining(['nosuid', 'nodev'])]);
    expect(superOptions).toEqual(expect.arrayContaining([`upperdir=${upper}`, 'redirect_dir=nofollow']));
    // The kernel names an option only where it is not its default.
    for (const unwanted of ['index=on', 'metacopy=on', 'xino=on', 'nfs_export=on']) {
      expect(superOptions).not.toContain(unwanted);
    }
  });

  btrfsTest('cannot be made read-only or unmounted under an open writer, and then can', async ({ btrfs }) => {
    const { at } = await mounted(btrfs);
    const writer = await open(join(at, 'new'), 'w');
    try {
      await expect(remountReadOnly(runner, at)).rejects.toMatchObject({ code: 'SYSTEM_MOUNT_BUSY' });
      await expect(unmount(runner, at)).rejects.toMatchObject({ code: 'SYSTEM_MOUNT_BUSY' });
      await writer.writeFile('still writable');
    } finally {
      await writer.close();
    }
    await remountReadOnly(runner, at);
    await expect(writeFile(join(at, 'new'), '')).rejects.toMatchObject({ code: 'EROFS' });
    await remountWritable(runner, at);
    await writeFile(join(at, 'new'), '');
    await unmount(runner, at);
    expect(await mountAt(at)).toBeUndefined();
  });

  btrfsTest('can be made read-only under readers', async ({ btrfs }) => {
    const { at } = await mounted(btrfs);
    await using _reader = await open(join(at, 'file'));
    await remountReadOnly(runner, at);
  });

  btrfsTest.for([':', ',', '\\'])('is refused below a path with “%s”', async (character, { btrfs }) => {
    const mounting = mounted(btrfs, `a${character}b`);
    await expect(mounting).rejects.toMatchObject({ code: 'SYSTEM_BAD_PATH' });
  });

  btrfsTest('lies below a path with a space and an umlaut as below any other', async ({ btrfs }) => {
    const { at } = await mounted(btrfs, 'größe 日本');
    expect(await mountAt(at)).toMatchObject({ type: 'overlay' });
    await unmount(runner, at);
  });
});

async function mounted(pool: string, below = 'below') {
  const [lower, upper, work, at] = ['lower', 'upper', 'work', 'at'].map((name) => join(pool, below, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const path of [lower, upper, work, at]) await mkdir(path, { recursive: true });
  await writeFile(join(lower, 'file'), 'released');
  await mountOverlay(runner, { lower, upper, work, at, options: [...REPLACEABLE_LOWER, 'nosuid', 'nodev'] });
  return { lower, upper, at };
}
