import { constants, lstatSync } from 'node:fs';
import {
  chmod,
  copyFile,
  lchown,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { contentDigest } from '../src/index.ts';
import { type Golden, look, makeGolden, snapshot, update } from './golden.ts';

const MIB = 1024 * 1024;

describe('golden update', () => {
  btrfsTest('makes an empty golden subvolume equal to the recipe, and then has nothing to do', async ({ btrfs }) => {
    const golden = await makeGolden(btrfs);
    await fillWithEverything(golden);
    await update(golden);
    expect(await look(golden)).toMatchObject({ plan: { steps: [] }, differences: [] });
    expect(await digestOf(golden.root)).toBe(await digestOf(join(golden.recipe, 'files')));
  });

  btrfsTest(
    'keeps inode and extents of what did not change, and only writes the blocks that did',
    async ({ btrfs }) => {
      const golden = await makeGolden(btrfs);
      await writeRandom(join(golden.recipe, 'files/big'), 64 * MIB);
      await writeRandom(join(golden.recipe, 'files/same'), 3 * MIB);
      await update(golden);
      await rewriteApart(golden.recipe);
      const before = { big: await factsOf(golden, 'big'), same: await factsOf(golden, 'same') };

      await overwrite(join(golden.recipe, 'files/big'), 20 * MIB + 5, 'changed');
      const plan = await update(golden);

      expect(plan.steps.map(({ says }) => says)).toEqual([`rewrite 4096 of ${64 * MIB} bytes of big in 1 place`]);
      expect(await factsOf(golden, 'same')).toEqual(before.same);
      const after = await factsOf(golden, 'big');
      const earlier = new Set(blocksOf(before.big.extents));
      expect(after.inode).toBe(before.big.inode);
      expect(blocksOf(after.extents).filter((block) => !earlier.has(block))).toHaveLength(1);
      expect(await look(golden)).toMatchObject({ plan: { steps: [] } });
    },
  );

  btrfsTest('leads to small incremental streams', async ({ btrfs }) => {
    const golden = await makeGolden(btrfs);
    await writeRandom(join(golden.recipe, 'files/big'), 64 * MIB);
    for (let index = 0; index < 1000; index += 1) {
      await writeFile(join(golden.recipe, `files/small-${index}`), `number ${index}`);
    }
    await update(golden);
    await snapshot(golden, join(btrfs, 'v1'));

    await rewriteApart(golden.recipe);
    expect((await update(golden)).steps).toEqual([]);
    await contentDigest(golden.root, { runner: systemRunner });
    await snapshot(golden, join(btrfs, 'v2'));
    expect(await streamBytes(join(btrfs, 'v1'), join(btrfs, 'v2'))).toBeLessThan(64 * 1024);

    await overwrite(join(golden.recipe, 'files/big'), 30 * MIB, 'changed');
    await update(golden);
    await snapshot(golden, join(btrfs, 'v3'));
    expect(await streamBytes(join(btrfs, 'v2'), join(btrfs, 'v3'))).toBeLessThan(128 * 1024);
  });

  btrfsTest('follows the recipe in deletions, type changes, links, owners, modes and attributes', async ({ btrfs }) => {
    const golden = await makeGolden(btrfs);
    await fillWithEverything(golden);
    await update(golden);
    const files = join(golden.recipe, 'files');
    await rm(join(files, 'dir'), { recursive: true });
    await writeFile(join(files, 'dir'), 'a file now');
    await rm(join(files, 'file'));
    await mkdir(join(files, 'file'));
    await writeFile(join(files, 'file/inside'), 'in what was a file');
    await rm(join(files, 'hard-2'));
    await writeFile(join(files, 'hard-2'), 'on its own now');
    await rm(join(files, 'symlink'));
    await symlink('elsewhere', join(files, 'symlink'));
    await systemRunner.capture(['setfattr', '-x', 'user.one', join(files, 'attributes')]);
    await systemRunner.capture(['setfattr', '-n', 'user.two', '-v', 'changed', join(files, 'attributes')]);
    await chmod(join(files, 'attributes'), 0o4711);
    await lchown(join(files, 'attributes'), 7, 8);

    await update(golden);
    expect(await look(golden)).toMatchObject({ plan: { steps: [] }, differences: [] });
    expect(await digestOf(golden.root)).toBe(await digestOf(files));
  });

  btrfsTest('gives a written file its capability again', async ({ btrfs }) => {
    const golden = await makeGolden(btrfs);
    const file = join(golden.recipe, 'files/ping');
    await writeFile(file, 'program');
    await systemRunner.capture(['setfattr', '-n', 'security.capability', '-v', CAP_NET_RAW, file]);
    await update(golden);
    await overwrite(file, 0, 'PROGRAM');
    await lchown(file, 1, 1);
    await systemRunner.capture(['setfattr', '-n', 'security.capability', '-v', CAP_NET_RAW, file]);

    expect((await update(golden)).steps.map(({ kind }) => kind)).toEqual([
      'patch-file',
      'set-attributes',
      'change-xattrs',
    ]);
    expect(await look(golden)).toMatchObject({ plan: { steps: [] } });
  });

  btrfsTest(
    'lets nothing new inherit a default ACL or a Btrfs property that the recipe does not give it',
    async ({ btrfs }) => {
      const golden = await makeGolden(btrfs);
      const files = join(golden.recipe, 'files');
      await mkdir(join(files, 'd'));
      await update(golden);
      for (const directory of [join(files, 'd'), join(golden.root, 'd')]) {
        await systemRunner.capture(['setfattr', '-n', 'system.posix_acl_default', '-v', DEFAULT_ACL, directory]);
        await systemRunner.capture(['setfattr', '-n', 'btrfs.compression', '-v', 'zstd', directory]);
      }
      await writeFile(join(golden.recipe, 'plain'), 'without attributes');
      await rename(join(golden.recipe, 'plain'), join(files, 'd/plain'));

      await update(golden);
      expect(await look(golden)).toMatchObject({ plan: { steps: [] }, differences: [] });
    },
  );

  btrfsTest('does not follow a symlink that stands where the recipe has a directory', async ({ btrfs }) => {
    const golden = await makeGolden(btrfs);
    await mkdir(join(btrfs, 'outside'));
    await symlink(join(btrfs, 'outside'), join(golden.root, 'etc'));
    await mkdir(join(golden.recipe, 'files/etc'));
    await writeFile(join(golden.recipe, 'files/etc/motd'), 'hello');
    await update(golden);
    expect(await readdir(join(btrfs, 'outside'))).toEqual([]);
    expect(await readFile(join(golden.root, 'etc/motd'), 'utf8')).toBe('hello');
  });

  btrfsTest('refuses a nested subvolume in golden and what a snapshot shows of one', async ({ btrfs }) => {
    const golden = await makeGolden(btrfs);
    await systemRunner.capture(['btrfs', '--quiet', 'subvolume', 'create', join(golden.root, 'nested')]);
    await expect(look(golden)).rejects.toMatchObject({ code: 'TREE_NESTED_SUBVOLUME', category: 'input' });
    await snapshot(golden, join(btrfs, 'v1'));
    await expect(digestOf(join(btrfs, 'v1'))).rejects.toMatchObject({ code: 'TREE_NESTED_SUBVOLUME' });
  });

  btrfsTest('refuses a mount in golden', async ({ btrfs }) => {
    const golden = await makeGolden(btrfs);
    const mounted = join(golden.root, 'mounted');
    await mkdir(mounted);
    await systemRunner.capture(['mount', '-t', 'tmpfs', 'tmpfs', mounted]);
    try {
      await expect(look(golden)).rejects.toMatchObject({ code: 'TREE_NESTED_MOUNT' });
    } finally {
      await systemRunner.capture(['umount', mounted]);
    }
  });

  btrfsTest('says so when a new file does not fit, and goes on when there is room', async ({ btrfs }) => {
    const golden = await makeGolden(btrfs);
    const small = join(btrfs, 'small');
    await mkdir(small);
    await systemRunner.capture(['mount', '-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', small]);
    try {
      await writeRandom(join(golden.recipe, 'files/a'), 3 * MIB);
      await writeRandom(join(golden.recipe, 'files/b'), 3 * MIB);
      const full = { ...golden, root: small };
      await expect(update(full)).rejects.toMatchObject({ category: 'state', cause: { code: 'TREE_NO_SPACE' } });
      await systemRunner.capture(['mount', '-o', 'remount,size=16m', small]);
      await update(full);
      expect(await look(full)).toMatchObject({ differences: [] });
    } finally {
      await systemRunner.capture(['umount', small]);
    }
  });
});

/** `vfs_cap_data` version 2: effective, permitted CAP_NET_RAW (capability.h). */
const CAP_NET_RAW = '0x0100000200200000000000000000000000000000';
/** `posix_acl_xattr` version 2: user::rwx, user:1000:r-x, group::r-x, mask::rwx, other::--- (posix_acl_xattr.h). */
const DEFAULT_ACL = '0x0200000001000700ffffffff02000500e803000004000500ffffffff10000700ffffffff20000000ffffffff';

async function digestOf(root: string): Promise<string> {
  return (await contentDigest(root, { runner: systemRunner })).digest;
}

async function fillWithEverything({ recipe }: Golden): Promise<void> {
  const files = join(recipe, 'files');
  await mkdir(join(files, 'dir/deep'), { recursive: true });
  await writeFile(join(files, 'dir/deep/file'), 'deep');
  await writeFile(join(files, 'file'), 'file');
  await writeFile(join(files, 'empty'), '');
  await writeFile(join(files, 'hard-1'), 'linked');
  await link(join(files, 'hard-1'), join(files, 'hard-2'));
  await link(join(files, 'hard-1'), join(files, 'dir/hard-3'));
  await symlink('../not/there', join(files, 'symlink'));
  await writeFile(Buffer.concat([Buffer.from(`${files}/not-utf8-`), Buffer.of(0xff, 0xfe)]), 'bytes');
  await writeFile(join(files, 'new\nline \\ and = ü'), 'odd');
  await using sparse = await open(join(files, 'sparse'), 'w');
  await sparse.truncate(8 * MIB);
  await sparse.write('in the middle', 4 * MIB);
  await writeFile(join(files, 'attributes'), 'x', { mode: 0o640 });
  await systemRunner.capture(['setfattr', '-n', 'user.one', '-v', '1', join(files, 'attributes')]);
  await systemRunner.capture(['setfattr', '-n', 'user.two', '-v', '0x00ff', join(files, 'attributes')]);
  await systemRunner.capture(['setfattr', '-n', 'system.posix_acl_default', '-v', DEFAULT_ACL, join(files, 'dir')]);
  await chmod(join(files, 'dir'), 0o2775);
  await lchown(join(files, 'dir'), 33, 44);
  await lchown(join(files, 'symlink'), 5, 6);
}

async function writeRandom(path: string, bytes: number): Promise<void> {
  await systemRunner.capture(['dd', 'if=/dev/urandom', `of=${path}`, 'bs=1M', `count=${bytes / MIB}`, 'status=none']);
}

/** Writes all of a recipe's files anew, so that nothing is shared with golden and every time and inode differs. */
async function rewriteApart(recipe: string): Promise<void> {
  await rename(join(recipe, 'files'), join(recipe, 'old'));
  await mkdir(join(recipe, 'files'));
  for (const name of await readdir(join(recipe, 'old'))) {
    await copyFile(join(recipe, 'old', name), join(recipe, 'files', name), constants.COPYFILE_EXCL);
  }
  await rm(join(recipe, 'old'), { recursive: true });
}

async function overwrite(path: string, position: number, text: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(text, position);
}

async function factsOf({ root }: Golden, name: string): Promise<{ inode: number; times: number[]; extents: string[] }> {
  const path = join(root, name);
  await systemRunner.capture(['sync', '-f', root]);
  const { ino, mtimeMs, ctimeMs, atimeMs } = lstatSync(path);
  const listed = await systemRunner.capture(['filefrag', '-v', path]);
  const extents = [...listed.matchAll(/^ *\d+: +(\d+)\.\. +(\d+): +(\d+)\.\. +(\d+):/gm)].map((match) =>
    match.slice(1, 5).join(' '),
  );
  expect(extents).not.toEqual([]);
  return { inode: ino, times: [mtimeMs, ctimeMs, atimeMs], extents };
}

/** Every 4 KiB block of a file as `logical:physical`. */
function blocksOf(extents: readonly string[]): string[] {
  return extents.flatMap((extent) => {
    const [first = 0, last = 0, physical = 0] = extent.split(' ').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}:${physical + index}`);
  });
}

async function streamBytes(parent: string, child: string): Promise<number> {
  const stream = `${child}.stream`;
  await systemRunner.capture(['btrfs', '--quiet', 'send', '-p', parent, '-f', stream, child]);
  return (await stat(stream)).size;
}
