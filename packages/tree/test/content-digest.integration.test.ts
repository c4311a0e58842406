import { link, mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { btrfsTest, directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { contentDigest } from '../src/index.ts';

const runner = systemRunner;

describe('contentDigest', () => {
  btrfsTest('is the same after send and receive, full and incremental', async ({ btrfs }) => {
    const golden = join(btrfs, 'golden');
    await runner.capture(['btrfs', '--quiet', 'subvolume', 'create', golden]);
    await fill(golden);
    await snapshotAndReceive(btrfs, 'v1');
    await writeFile(join(golden, 'later'), 'more');
    await runner.capture(['setfattr', '-n', 'user.later', '-v', '1', join(golden, 'later')]);
    await snapshotAndReceive(btrfs, 'v2', 'v1');

    for (const version of ['v1', 'v2']) {
      const sent = await contentDigest(join(btrfs, 'sent', version), { runner });
      expect(await contentDigest(join(btrfs, 'received', version), { runner })).toEqual(sent);
    }
    const [v1, v2] = await Promise.all(['v1', 'v2'].map((v) => contentDigest(join(btrfs, 'sent', v), { runner })));
    expect(v1?.digest).not.toBe(v2?.digest);
    expect(await contentDigest(golden, { runner })).toEqual(v2);
  });

  btrfsTest('is the same through an overlay mount', async ({ btrfs }) => {
    const [lower, upper, work, mount] = await Promise.all(
      ['lower', 'upper', 'work', 'mount'].map(async (name) => {
        await mkdir(join(btrfs, name));
        return join(btrfs, name);
      }),
    );
    if (lower === undefined || mount === undefined) throw new Error('four were made');
    await fill(lower);
    const options = `lowerdir=${lower},upperdir=${upper},workdir=${work},index=off,metacopy=off,xino=off`;
    await runner.capture(['mount', '-t', 'overlay', 'overlay', '-o', options, mount]);
    try {
      expect(await contentDigest(mount, { runner })).toEqual(await contentDigest(lower, { runner }));
    } finally {
      await runner.capture(['umount', mount]);
    }
  });

  directoryTest(
    'does not depend on times, inode numbers or the order in which things were made',
    async ({ temporaryDirectory }) => {
      const [one, two] = [join(temporaryDirectory, 'one'), join(temporaryDirectory, 'two')];
      for (const [root, names] of [
        [one, ['a', 'b', 'c']],
        [two, ['c', 'a', 'b']],
      ] as const) {
        await mkdir(root);
        for (const name of names) await writeFile(join(root, name), name, { mode: 0o644 });
      }
      await utimes(join(two, 'b'), 1, 1);
      expect(await contentDigest(one, { runner })).toEqual(await contentDigest(two, { runner }));
    },
  );

  directoryTest('counts files and bytes, hard-linked ones once', async ({ temporaryDirectory }) => {
    const root = join(temporaryDirectory, 'tree');
    await mkdir(root);
    await writeFile(join(root, 'a'), '12345');
    await link(join(root, 'a'), join(root, 'b'));
    await symlink('a', join(root, 'c'));
    const progress: number[] = [];
    const digest = await contentDigest(root, { runner, onProgress: ({ bytes }) => progress.push(bytes) });
    expect(digest).toMatchObject({ bytes: 5, files: 1, entries: 4 });
    expect(progress.at(-1)).toBe(5);
  });

  directoryTest('refuses what is no directory', async ({ temporaryDirectory }) => {
    await symlink('/etc', join(temporaryDirectory, 'link'));
    const refused = contentDigest(join(temporaryDirectory, 'link'), { runner });
    await expect(refused).rejects.toMatchObject({ code: 'TREE_NOT_A_DIRECTORY' });
  });
});

async function fill(root: string): Promise<void> {
  await mkdir(join(root, 'd'));
  await writeFile(join(root, 'd/file'), await readFile('/bin/sh'));
  await writeFile(join(root, 'd.x'), 'sorts between d and its children');
  await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.of(0xe9, 0x0a)]), 'not UTF-8');
  await link(join(root, 'd/file'), join(root, 'also'));
  await symlink('d/file', join(root, 'link'));
  await runner.capture(['mknod', join(root, 'null'), 'c', '1', '3']);
  await runner.capture(['mkfifo', join(root, 'fifo')]);
  await runner.capture(['setfattr', '-n', 'user.x', '-v', '0x00', join(root, 'd')]);
}

async function snapshotAndReceive(pool: string, version: string, parent?: string): Promise<void> {
  await mkdir(join(pool, 'sent'), { recursive: true });
  await mkdir(join(pool, 'received'), { recursive: true });
  const sent = join(pool, 'sent', version);
  const stream = join(pool, `${version}.stream`);
  await runner.capture(['btrfs', '--quiet', 'subvolume', 'snapshot', '-r', join(pool, 'golden'), sent]);
  const from = parent === undefined ? [] : ['-p', join(pool, 'sent', parent)];
  await runner.capture(['btrfs', '--quiet', 'send', ...from, '-f', stream, sent]);
  await runner.capture(['btrfs', '--quiet', 'receive', '-f', stream, join(pool, 'received')]);
}
