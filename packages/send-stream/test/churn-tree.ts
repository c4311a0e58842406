import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { dice } from './random-operations.ts';

/** What {@link churnTree} may do. */
export interface Churn {
  readonly seed: number;
  readonly operations: number;
  /** Set-id bits, device nodes, file capabilities too. */
  readonly privileged: boolean;
}

/**
 * Does thousands of random things to a tree, of every kind that `btrfs send` has a command for: made, renamed and
 * swapped files and directories of all types, hard links, replaced types, clones, holes, attributes, ACLs. Quick: looks
 * at the tree once in a while only.
 */
export async function churnTree(root: string, { seed, operations, privileged }: Churn): Promise<void> {
  const roll = dice(seed);
  const possible = privileged ? [...HARMLESS, ...PRIVILEGED] : HARMLESS;
  let tree = list(root);
  for (let done = 0; done < operations; done++) {
    if (done % 40 === 0) tree = list(root);
    const pick = <Item>(items: readonly Item[]) => items[roll(items.length)] as Item;
    const here: Here = {
      root,
      roll,
      file: () => still(pick(tree.files), (stats) => stats.isFile()),
      directory: () => still(pick(tree.directories), (stats) => stats.isDirectory()),
      any: () => pick(tree.all),
      fresh: () => `${pick(tree.directories)}/${pick(NAMES)}${roll(60)}`,
    };
    try {
      await pick(possible)(here);
    } catch (error) {
      // It is gone by now, or taken, or the root itself, or a directory would go into itself: nothing was done.
      if (!IMPOSSIBLE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

interface Here {
  readonly root: string;
  readonly roll: (below: number) => number;
  readonly file: () => string;
  readonly directory: () => string;
  readonly any: () => string;
  readonly fresh: () => string;
}

type Operation = (here: Here) => void | Promise<void>;

const NAMES = ['f', 'd', 'with space ', 'new\nline', 'ü', 'o258-7-', 'x'.repeat(200)];
const IMPOSSIBLE = new Set([
  'ENOENT',
  'EEXIST',
  'ENOTDIR',
  'EISDIR',
  'ENOTEMPTY',
  'EINVAL',
  'ENAMETOOLONG',
  'EPERM',
  'EACCES',
]);
const BLOCK = 4096;
/** Where symlinks point to, so that nothing that follows one by mistake finds anything. */
const NOWHERE = '../nowhere/at all';

/** `u::rw-,u:1:r--,g::r--,m::rw-,o::r--` as the kernel takes it (linux/posix_acl_xattr.h). */
const ACL = `0x02000000${'01000600ffffffff'}${'0200040001000000'}${'04000400ffffffff'}${'10000600ffffffff'}${'20000400ffffffff'}`;

interface Listing {
  readonly all: string[];
  readonly files: string[];
  readonly directories: string[];
}

/** The listing may be old: what was a file then may be a fifo now, which would wait for ever. */
function still(path: string, is: (stats: fs.Stats) => boolean): string {
  if (is(fs.lstatSync(path))) return path;
  throw Object.assign(new Error(`${path} is something else now`), { code: 'ENOENT' });
}

/** Never through a symlink, as `readdir` of Node would. */
function list(root: string): Listing {
  const found: Listing = { all: [], files: [], directories: [root] };
  for (const directory of found.directories) {
    for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
      const path = `${directory}/${entry.name}`;
      found.all.push(path);
      if (entry.isFile()) found.files.push(path);
      if (entry.isDirectory()) found.directories.push(path);
    }
  }
  if (found.files.length > 0) return found;
  fs.writeFileSync(`${root}/seed`, 'seed');
  return list(root);
}

function contents({ roll }: Here, most = 6 * BLOCK): Buffer {
  const fill = roll(256);
  // Half of it compresses.
  const bytes = Buffer.alloc(1 + roll(most), fill);
  for (let at = 0; at < bytes.length; at += at % 2048 === 1023 ? 1025 : 1) bytes[at] = (at * at * fill) >>> 7;
  return bytes;
}

function remove(directory: string, { root }: Here): void {
  if (directory !== root) fs.rmSync(directory, { recursive: true });
}

function chmod(path: string, mode: number): void {
  if (!fs.lstatSync(path).isSymbolicLink()) fs.chmodSync(path, mode);
}

function writeAt(path: string, offset: number, bytes: Buffer): void {
  const file = fs.openSync(path, 'r+');
  try {
    fs.writeSync(file, bytes, 0, bytes.length, offset);
  } finally {
    fs.closeSync(file);
  }
}

const create: Operation = (here) => fs.writeFileSync(here.fresh(), contents(here), { flag: 'wx' });
const makeDirectory: Operation = (here) => fs.mkdirSync(here.fresh());
const move: Operation = (here) => fs.renameSync(here.any(), here.fresh());
const moveDirectory: Operation = (here) => fs.renameSync(here.directory(), here.fresh());

const swap: Operation = (here) => {
  const [one, other, aside] = [here.any(), here.any(), `${here.fresh()}-aside`];
  if (one === other || `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`)) return;
  fs.lstatSync(one);
  fs.lstatSync(other);
  fs.renameSync(one, aside);
  try {
    fs.renameSync(other, one);
    fs.renameSync(aside, other);
  } catch {
    // The place for it was below one of them; all is still there under some name.
  }
};

/** Parent and child change places. */
const invert: Operation = (here) => {
  const child = here.directory();
  const parent = dirname(child);
  if (child === here.root || parent === here.root) return;
  const top = `${here.root}/inverted${here.roll(1e6)}`;
  fs.renameSync(child, top);
  fs.renameSync(parent, `${top}/inside${here.roll(1e6)}`);
};

const replaceType: Operation = (here) => {
  const path = here.any();
  fs.rmSync(path, { recursive: true });
  const type = here.roll(3);
  if (type === 0) fs.symlinkSync(NOWHERE, path);
  else if (type === 1) fs.mkdirSync(path);
  else fs.writeFileSync(path, contents(here));
};

const HARMLESS: readonly Operation[] = [
  create,
  create,
  create,
  create,
  makeDirectory,
  makeDirectory,
  move,
  move,
  moveDirectory,
  moveDirectory,
  swap,
  swap,
  invert,
  replaceType,
  replaceType,
  (here) => fs.symlinkSync(NOWHERE, here.fresh()),
  (here) => fs.linkSync(here.file(), here.fresh()),
  (here) => fs.linkSync(here.any(), here.fresh()),
  (here) => fs.unlinkSync(here.file()),
  (here) => fs.unlinkSync(here.any()),
  (here) => (here.roll(4) === 0 ? remove(here.directory(), here) : undefined),
  (here) => writeAt(here.file(), here.roll(40) * BLOCK, contents(here)),
  (here) => writeAt(here.file(), here.roll(70_000), contents(here, 300)),
  (here) => fs.truncateSync(here.file(), here.roll(90_000)),
  (here) => fs.copyFileSync(here.file(), here.fresh(), fs.constants.COPYFILE_FICLONE_FORCE),
  (here) => fs.copyFileSync(here.file(), here.file(), fs.constants.COPYFILE_FICLONE_FORCE),
  (here) => chmod(here.any(), [0o600, 0o755, 0o1777][here.roll(3)] ?? 0),
  (here) => fs.lchownSync(here.any(), here.roll(3), here.roll(3)),
  (here) => fs.lutimesSync(here.any(), here.roll(1e9), here.roll(1e9)),
  (here) => run('mkfifo', here.fresh()),
  (here) => run('setfattr', '-h', '-n', `user.x${here.roll(3)}`, '-v', `${here.roll(9)}`, here.file()),
  (here) => run('setfattr', '-h', '-x', `user.x${here.roll(3)}`, here.file()),
  (here) => run('setfattr', '-n', 'system.posix_acl_access', '-v', ACL, here.file()),
  (here) => run('setfattr', '-n', 'system.posix_acl_default', '-v', ACL, here.directory()),
  (here) => run('setfattr', '-x', 'system.posix_acl_default', here.directory()),
  (here) => run('chattr', ['+c', '-c', '+A', '+m'][here.roll(4)] ?? '', here.directory()),
  (here) => run('fallocate', '--punch-hole', '--offset', `${BLOCK}`, '--length', `${2 * BLOCK}`, here.file()),
  (here) => run('fallocate', '--keep-size', '--offset', `${here.roll(20) * BLOCK}`, '--length', '20000', here.file()),
  (here) => makeSocket(here.fresh()),
];

const PRIVILEGED: readonly Operation[] = [
  (here) => chmod(here.file(), [0o4755, 0o2711][here.roll(2)] ?? 0),
  (here) => chmod(here.any(), 0o2775),
  (here) => run('mknod', here.fresh(), 'c', '1', '3'),
  (here) => run('setcap', 'cap_net_raw+ep', here.file()),
  (here) => run('setcap', '-r', here.file()),
];

/** Programs say no for the same reasons, and by the same exit code. */
async function run(program: string, ...words: readonly string[]): Promise<void> {
  await systemRunner.run([program, ...words], { accept: [1, 2] });
}

/** A server takes its socket away when it closes; another name of it stays. */
async function makeSocket(path: string): Promise<void> {
  const made = `${path}-made`;
  if (Buffer.byteLength(made) > 100) return;
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(made, resolve));
  try {
    fs.linkSync(made, path);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
