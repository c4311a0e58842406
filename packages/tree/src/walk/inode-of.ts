import type { Stats } from 'node:fs';
import type { Xattrs } from '@goldstream/system';
import type { PathBytes } from '../path-bytes.ts';
import type { Inode, StoredFile } from '../tree.ts';

/** What lstat(2) said, in this package's words. `target` is used for symlinks only. */
export function inodeOf(at: PathBytes, stats: Stats, xattrs: Xattrs, target: PathBytes): Inode<StoredFile> {
  const attributes = { mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, xattrs };
  if (stats.isDirectory()) return { kind: 'directory', ...attributes };
  if (stats.isSymbolicLink()) return { kind: 'symlink', ...attributes, mode: 0o777, target };
  if (stats.isFile()) {
    const content = { at, size: stats.size, inode: stats.ino, modifiedMs: stats.mtimeMs };
    return { kind: 'file', ...attributes, size: stats.size, content };
  }
  if (stats.isFIFO()) return { kind: 'fifo', ...attributes };
  if (stats.isSocket()) return { kind: 'socket', ...attributes };
  const kind = stats.isBlockDevice() ? 'block-device' : 'character-device';
  return { kind, ...attributes, ...deviceNumbers(BigInt(stats.rdev)) };
}

/** makedev(3) of Linux, backwards: 12 + 20 bits of major, 8 + 24 bits of minor, interleaved. */
function deviceNumbers(device: bigint): { major: number; minor: number } {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n);
  return { major: Number(major), minor: Number(minor) };
}
