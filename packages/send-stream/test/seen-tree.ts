import * as fs from 'node:fs';
import { readXattrs, systemRunner } from '@goldstream/system';

/** An inode as looking at a file system shows it. Names have one character a byte. */
export interface SeenInode {
  readonly ino: number;
  readonly stats: fs.Stats;
  /** Where it has names: inode of the directory, name in it, and the whole path. */
  readonly names: { readonly directory: number; readonly name: string; readonly path: string }[];
  /** Bytes of a file, text of a symlink. */
  readonly content: Buffer;
  /** Value in hexadecimal by name. */
  readonly xattrs: ReadonlyMap<string, string>;
}

/** A tree by inode number, and the inode of each path. The root has the empty path. */
export interface SeenTree {
  readonly inodes: ReadonlyMap<number, SeenInode>;
  readonly paths: ReadonlyMap<string, SeenInode>;
}

/** Looks at everything below `root`; independent of everything that reads streams. */
export async function seeTree(root: string): Promise<SeenTree> {
  const xattrs = await xattrsBelow(root);
  const inodes = new Map<number, SeenInode>();
  const paths = new Map<string, SeenInode>();
  const see = (path: string, place: SeenInode['names'][number] | undefined) => {
    const at = Buffer.from(path === '' ? root : `${root}/${path}`, 'latin1');
    const stats = fs.lstatSync(at);
    const seen: SeenInode = inodes.get(stats.ino) ?? {
      ino: stats.ino,
      stats,
      names: [],
      content: contentAt(at, stats),
      xattrs: xattrs.get(path) ?? new Map(),
    };
    inodes.set(stats.ino, seen);
    paths.set(path, seen);
    if (place !== undefined) seen.names.push(place);
    if (!stats.isDirectory()) return;
    for (const name of fs.readdirSync(at, { encoding: 'latin1' })) {
      const below = path === '' ? name : `${path}/${name}`;
      see(below, { directory: stats.ino, name, path: below });
    }
  };
  see('', undefined);
  return { inodes, paths };
}

function contentAt(at: Buffer, stats: fs.Stats): Buffer {
  if (stats.isFile()) return fs.readFileSync(at);
  return stats.isSymbolicLink() ? fs.readlinkSync(at, { encoding: 'buffer' }) : Buffer.alloc(0);
}

async function xattrsBelow(root: string): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const found = new Map<string, ReadonlyMap<string, string>>();
  for await (const { path, xattrs } of readXattrs(systemRunner, root)) found.set(path.slice(root.length + 1), xattrs);
  return found;
}
