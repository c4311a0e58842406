import { closeSync } from 'node:fs';
import { mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { btrfsTest, directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import {
  awaitDeletedSubvolumes,
  createPoolImage,
  createSubvolume,
  deleteSubvolume,
  demandBtrfs,
  findMount,
  findSubvolume,
  mountAt,
  mountPoolImage,
  newestSubvolumeId,
  openPipe,
  systemRunner as runner,
  showSubvolume,
  snapshotSubvolume,
  spaceOf,
  startReceive,
  startSend,
  syncFilesystem,
} from '../src/index.ts';

const MIB = 1024 * 1024;

describe('demandBtrfs', () => {
  btrfsTest('takes a whole filesystem, and a path deep in it', async ({ btrfs }) => {
    await mkdir(join(btrfs, 'a/b'), { recursive: true });
    await demandBtrfs(btrfs);
    await demandBtrfs(join(btrfs, 'a/b'));
  });

  directoryTest('refuses what is not Btrfs', async () => {
    await expect(demandBtrfs('/proc')).rejects.toMatchObject({ code: 'BTRFS_NOT_BTRFS' });
  });

  btrfsTest('refuses a bind mount of a plain directory, and names it', async ({ btrfs, temporaryDirectory }) => {
    const [directory, at] = [join(btrfs, 'directory'), join(temporaryDirectory, 'at')];
    for (const path of [directory, at, join(directory, 'deploy')]) await mkdir(path);
    await runner.run(['mount', '--bind', directory, at]);
    await expect(demandBtrfs(join(at, 'deploy'))).rejects.toMatchObject({
      code: 'BTRFS_BIND_MOUNT',
      message: expect.stringContaining(at),
    });
  });

  btrfsTest('takes a bound subvolume, and a mount of a subvolume', async ({ btrfs, temporaryDirectory }) => {
    const [bound, mounted] = [join(temporaryDirectory, 'bound'), join(temporaryDirectory, 'mounted')];
    await createSubvolume(runner, join(btrfs, 'subvolume'));
    for (const path of [bound, mounted]) await mkdir(path);
    await runner.run(['mount', '--bind', join(btrfs, 'subvolume'), bound]);
    const { source } = await findMount(btrfs);
    await runner.run(['mount', '-o', 'subvol=/subvolume', source, mounted]);
    await demandBtrfs(bound);
    await demandBtrfs(mounted);
  });
});

describe('findMount', () => {
  btrfsTest(
    'finds the mount that a directory lies on, not one that is hidden',
    async ({ btrfs, temporaryDirectory }) => {
      const [at, inside] = [join(temporaryDirectory, 'at'), join(temporaryDirectory, 'at/directory')];
      await mkdir(inside, { recursive: true });
      await mkdir(join(btrfs, 'directory'));
      await runner.run(['mount', '--bind', join(btrfs, 'directory'), inside]);
      await runner.run(['mount', '--bind', btrfs, at]);
      expect(await findMount(inside)).toMatchObject({ mountPoint: at, root: '/', rootInode: 256n });
      await demandBtrfs(inside);
      await runner.run(['umount', at]);
      expect(await findMount(inside)).toMatchObject({ mountPoint: inside, root: '/directory' });
    },
  );

  btrfsTest('tells of a path below a link where it really lies', async ({ btrfs, temporaryDirectory }) => {
    const link = join(temporaryDirectory, 'link');
    await symlink(btrfs, link);
    expect(await findMount(link)).toMatchObject({ mountPoint: btrfs });
  });
});

describe('subvolumes', () => {
  btrfsTest('are made, snapshotted, looked at and deleted', async ({ btrfs }) => {
    const [golden, snapshot] = [join(btrfs, 'golden'), join(btrfs, 'v1.0.0')];
    const before = await newestSubvolumeId(runner, btrfs);
    await createSubvolume(runner, golden);
    await snapshotSubvolume(runner, golden, snapshot, { readonly: true });
    const made = await showSubvolume(runner, snapshot);
    expect(made).toMatchObject({
      readonly: true,
      parentUuid: (await showSubvolume(runner, golden)).uuid,
      receivedUuid: undefined,
      sendTransid: undefined,
    });
    expect((await showSubvolume(runner, golden)).readonly).toBe(false);
    expect(made.id).toBeGreaterThan(before);
    expect(await newestSubvolumeId(runner, btrfs)).toBe(made.id);

    await deleteSubvolume(runner, snapshot);
    await awaitDeletedSubvolumes(runner, btrfs);
    expect(await findSubvolume(runner, snapshot)).toBeUndefined();
  });

  btrfsTest('are not directories', async ({ btrfs }) => {
    const directory = join(btrfs, 'directory');
    await mkdir(directory);
    expect(await findSubvolume(runner, directory)).toBeUndefined();
    await expect(showSubvolume(runner, directory)).rejects.toMatchObject({ code: 'BTRFS_NO_SUCH_SUBVOLUME' });
    await expect(deleteSubvolume(runner, directory)).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });

  btrfsTest('know where they were received from', async ({ btrfs }) => {
    const [golden, snapshot, into] = ['golden', 'v1.0.0', 'deploy'].map((name) => join(btrfs, name)) as [
      string,
      string,
      string,
    ];
    await createSubvolume(runner, golden);
    await snapshotSubvolume(runner, golden, snapshot, { readonly: true });
    await mkdir(into);
    const { readEnd, writeEnd } = await openPipe(runner);
    const send = startSend(runner, { snapshot }, { stdout: writeEnd });
    const receive = startReceive(runner, into, { stdin: readEnd });
    for (const end of [readEnd, writeEnd]) closeSync(end);
    await Promise.all([send.ended, receive.ended]);
    const { uuid } = await showSubvolume(runner, snapshot);
    const received = await showSubvolume(runner, join(into, 'v1.0.0'));
    expect(received).toMatchObject({ readonly: true, receivedUuid: uuid, sendTransid: expect.any(Number) });
  });
});

describe('spaceOf', () => {
  btrfsTest('sees what was written', async ({ btrfs }) => {
    const empty = await spaceOf(runner, btrfs);
    expect(empty.total).toBe(512 * MIB);
    await writeFile(join(btrfs, 'file'), Buffer.alloc(20 * MIB, 'x'));
    await syncFilesystem(runner, btrfs);
    const full = await spaceOf(runner, btrfs);
    expect(full.used - empty.used).toBeGreaterThanOrEqual(20 * MIB);
    expect(empty.free - full.free).toBeGreaterThanOrEqual(20 * MIB);
  });
});

describe('a pool image', () => {
  btrfsTest('is made, mounted, and gives its loop device back', async ({ btrfs }) => {
    const [image, at] = [join(btrfs, 'lib/app.btrfs'), join(btrfs, 'pool')];
    await createPoolImage(runner, image, 120 * MIB);
    const { size, blocks, mode } = await stat(image);
    expect([size, mode & 0o777]).toEqual([120 * MIB, 0o600]);
    expect(blocks * 512).toBeLessThan(size / 2);
    await mountPoolImage(runner, image, at);
    expect(await mountAt(at)).toMatchObject({ type: 'btrfs', options: expect.arrayContaining(['noatime']) });
    await demandBtrfs(at);
    await runner.run(['umount', at]);
    expect(await runner.capture(['losetup', '--associated', image])).toBe('');
  });

  btrfsTest('is never made over a file that exists', async ({ btrfs }) => {
    const image = join(btrfs, 'app.btrfs');
    await writeFile(image, 'precious');
    await expect(createPoolImage(runner, image, 120 * MIB)).rejects.toMatchObject({ code: 'EEXIST' });
    expect((await stat(image)).size).toBe(8);
  });
});
