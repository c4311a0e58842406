import { encodeCommand, type TestAttribute, uuidBytes } from './encode-stream.ts';

/** Any inode number: `btrfs receive` does not look at it. */
export const INO: TestAttribute = ['ino', 257n];
/** A command that no guard minds. */
export const HARMLESS = encodeCommand('mkdir', [['path', 'a'], INO]);
/** Commands that no guard minds: a directory `a` (with a file `g`), a file `f`, a symlink `l` and a fifo `p`. */
export const BASE = Buffer.concat([
  HARMLESS,
  encodeCommand('mkfile', [['path', 'a/g'], INO]),
  encodeCommand('mkfile', [['path', 'f'], INO]),
  encodeCommand('symlink', [['path', 'l'], INO, ['path_link', 'a']]),
  encodeCommand('mkfifo', [['path', 'p'], INO]),
]);
/** The beginning of 1970. */
export const timespec = Buffer.alloc(12);

// Commands by what is different about them from test to test.

export const clone = (uuid: string, path: string) =>
  encodeCommand('clone', [
    ['file_offset', 0n],
    ['clone_len', 4096n],
    ['path', 'f'],
    ['clone_uuid', uuidBytes(uuid)],
    ['clone_ctransid', 99n],
    ['clone_path', path],
    ['clone_offset', 0n],
  ]);
export const xattr = (name: string | Uint8Array, path = 'a') =>
  encodeCommand('set_xattr', [
    ['path', path],
    ['xattr_name', name],
    ['xattr_data', 'x'],
  ]);
export const chmod = (mode: bigint, path = 'a') =>
  encodeCommand('chmod', [
    ['path', path],
    ['mode', mode],
  ]);
export const rename = (from: string, to: string) =>
  encodeCommand('rename', [
    ['path', from],
    ['path_to', to],
  ]);
export const link = (path: string, to: string) =>
  encodeCommand('link', [
    ['path', path],
    ['path_link', to],
  ]);
export const mkfile = (path: string | Uint8Array) => encodeCommand('mkfile', [['path', path], INO]);
export const write = (path: string, offset = 0n, data = 'x') =>
  encodeCommand('write', [
    ['path', path],
    ['file_offset', offset],
    ['data', data],
  ]);
export const truncate = (path: string, size: bigint) =>
  encodeCommand('truncate', [
    ['path', path],
    ['size', size],
  ]);
export const mknod = (path: string, mode = 0o20666n) =>
  encodeCommand('mknod', [['path', path], INO, ['mode', mode], ['rdev', 0x0103n]]);
export const mkdir = (path: string) => encodeCommand('mkdir', [['path', path], INO]);
export const unlink = (path: string) => encodeCommand('unlink', [['path', path]]);
export const rmdir = (path: string) => encodeCommand('rmdir', [['path', path]]);
export const removeXattr = (name: string, path: string) =>
  encodeCommand('remove_xattr', [
    ['path', path],
    ['xattr_name', name],
  ]);
