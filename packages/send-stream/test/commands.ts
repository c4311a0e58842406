import { encodeCommand, type TestAttribute, uuidBytes } from './encode-stream.ts';

/** Any inode number: `btrfs receive` does not look at it. */
export const INO: TestAttribute = ['ino', 257n];
/** A command that no guard minds. */
export const HARMLESS = encodeCommand('mkdir', [['path', 'a'], INO]);
/** The beginning of 1970. */
export const timespec = Buffer.alloc(12);

// Commands by what is different about them from test to test.

export const clone = (uuid: string, path: string) =>
  encodeCommand('clone', [
    ['file_offset', 0n],
    ['clone_len', 4096n],
    ['path', 'a/f'],
    ['clone_uuid', uuidBytes(uuid)],
    ['clone_ctransid', 99n],
    ['clone_path', path],
    ['clone_offset', 0n],
  ]);
export const xattr = (name: string | Uint8Array) =>
  encodeCommand('set_xattr', [
    ['path', 'a'],
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
