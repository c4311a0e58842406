import { writeFileSync } from 'node:fs';
import {
  chown,
  constants,
  copyFile,
  link,
  mkdir,
  open,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';

const { COPYFILE_FICLONE_FORCE } = constants;
const latin1 = (directory: string, name: string) =>
  Buffer.concat([Buffer.from(`${directory}/`), Buffer.from(name, 'latin1')]);
const setXattr = (path: string, name: string, value: Uint8Array) =>
  systemRunner.capture(['setfattr', '-n', name, '-v', `0x${Buffer.from(value).toString('hex')}`, path]);

/** acl(5) version 2: one named user more than the mode says. */
const ACL = Buffer.from(
  '0200000001000600ffffffff02000400e803000004000400ffffffff10000400ffffffff20000400ffffffff',
  'hex',
);

/** Fills a directory with one of everything that a send stream can hold. Needs root. */
export async function makeTree(root: string): Promise<void> {
  await Promise.all(['a', 'b', 'a/deep'].map((name) => mkdir(join(root, name), { recursive: true })));
  await writeFile(join(root, 'a/f'), Buffer.alloc(200_000, 'a'));
  await writeFile(join(root, 'b/f'), Buffer.alloc(9000, 'b'));
  await writeFile(join(root, 'empty'), '');
  await link(join(root, 'a/f'), join(root, 'a/deep/hard link'));
  await symlink('../../etc/pass wd', join(root, 'symlink'));

  // A file that begins and ends with holes.
  await writeFile(join(root, 'sparse'), '');
  await truncate(join(root, 'sparse'), 1_000_000);
  const sparse = await open(join(root, 'sparse'), 'r+');
  await sparse.write(Buffer.alloc(8192, 's'), 0, 8192, 65536).finally(() => sparse.close());
  await writeFile(join(root, 'squeezed'), '');
  await systemRunner.capture(['btrfs', 'property', 'set', join(root, 'squeezed'), 'compression', 'zstd']);
  await writeFile(join(root, 'squeezed'), Buffer.alloc(300_000, 'compressible '));

  for (const name of [
    'with space',
    'tab\there',
    'line\nfeed',
    'back\\slash',
    'caf\xe9',
    '\x01\x1b[31m\x7f\xff',
    '"\'%s$(x)',
  ]) {
    await writeFile(latin1(root, name), name);
  }
  await writeFile(join(root, 'caf\u00e9-\u2603'), 'UTF-8');
  await writeFile(join(root, 'n'.repeat(255)), 'long');

  await setXattr(join(root, 'a/f'), 'user.text', Buffer.from('blue and green'));
  await setXattr(join(root, 'a/f'), 'user.odd name\x01', Buffer.from('line\nfeed\0and more \xff', 'latin1'));
  await setXattr(join(root, 'b/f'), 'user.empty', new Uint8Array(0));
  await setXattr(join(root, 'b/f'), 'system.posix_acl_access', ACL);
  await setXattr(join(root, 'a'), 'system.posix_acl_default', ACL);
  await chown(join(root, 'b/f'), 1000, 4_000_000_000);
  for (const node of [
    ['fifo', 'p'],
    ['block', 'b', '7', '300'],
    ['character', 'c', '1', '3'],
  ]) {
    const [name = '', ...kind] = node;
    await systemRunner.capture(['mknod', join(root, name), ...kind]);
  }
}

/** Changes what {@link makeTree} made: what an incremental stream needs temporary names, clones and removals for. */
export async function changeTree(root: string): Promise<void> {
  const at = (name: string) => join(root, name);
  await rename(at('a'), at('swap'));
  await rename(at('b'), at('a'));
  await rename(at('swap'), at('b'));
  await copyFile(at('b/f'), at('clone of f'), COPYFILE_FICLONE_FORCE);
  await copyFile(at('squeezed'), at('squeezed again'), COPYFILE_FICLONE_FORCE);
  const changed = await open(at('a/f'), 'r+');
  await changed.write(Buffer.alloc(100, 'x'), 0, 100, 5000).finally(() => changed.close());
  await truncate(at('b/deep/hard link'), 150_000);
  await rm(at('empty'));
  await rm(at('fifo'));
  await systemRunner.capture(['setfattr', '-x', 'user.text', at('b/f')]);
  await systemRunner.capture(['fallocate', '--length', '8192', at('reserved')]);
  await systemRunner.capture(['fallocate', '--punch-hole', '--offset', '4096', '--length', '4096', at('b/f')]);
}

/** Makes this many files of a few bytes in directories of 1000. */
export async function fillWithFiles(root: string, count: number): Promise<void> {
  for (let first = 0; first < count; first += 1000) {
    const directory = join(root, `d${first / 1000}`);
    await mkdir(directory);
    // Tiny files one after the other are several times as fast as through promises.
    for (let file = first; file < Math.min(first + 1000, count); file++) {
      writeFileSync(join(directory, `file ${file}`), `${file}`);
    }
  }
}
