import { describe, expect, it } from 'vitest';
import { chunked } from '../../test/chunking.ts';
import {
  BASE,
  chmod,
  clone,
  HARMLESS,
  INO,
  link,
  mkfile,
  mknod,
  rename,
  rmdir,
  timespec,
  truncate,
  unlink,
  write,
  xattr,
} from '../../test/commands.ts';
import {
  END,
  encodeCommand,
  encodeHeader,
  encodeRaw,
  FOREIGN_UUID,
  SNAPSHOT,
  SUBVOL,
  UUID,
} from '../../test/encode-stream.ts';
import { FULL, INCREMENTAL, refusalOf } from '../../test/guarding.ts';
import type { SendStreamErrorCode } from '../index.ts';

/** Streams in which `hostile` comes after some commands that do no harm, in a full and in an incremental one. */
const STREAMS = [
  ['full', FULL, SUBVOL],
  ['incremental', INCREMENTAL, SNAPSHOT],
] as const;

/** One quirk each. */
const HOSTILE: readonly (readonly [quirk: string, code: SendStreamErrorCode, hostile: Uint8Array])[] = [
  ['an absolute path', 'GUARD_BAD_PATH', mkfile('/etc/cron.d/x')],
  ['a path that climbs out', 'GUARD_BAD_PATH', mkfile('../x')],
  ['a path that climbs out later', 'GUARD_BAD_PATH', mkfile('a/../../x')],
  ['a path that ends in ..', 'GUARD_BAD_PATH', mkfile('a/..')],
  ['a path of one dot', 'GUARD_BAD_PATH', mkfile('.')],
  ['a dot within a path', 'GUARD_BAD_PATH', mkfile('a/./x')],
  ['an empty component', 'GUARD_BAD_PATH', mkfile('a//x')],
  ['a trailing slash', 'GUARD_BAD_PATH', mkfile('a/')],
  ['a NUL within a path', 'GUARD_BAD_PATH', mkfile('a\0/../x')],
  ['a NUL after a path', 'GUARD_BAD_PATH', mkfile('a\0')],
  ['a name of 256 bytes', 'GUARD_BAD_PATH', mkfile('n'.repeat(256))],
  ['a path of 4096 bytes', 'GUARD_BAD_PATH', mkfile('n/'.repeat(2047).concat('nn'))],
  ['the empty path for a new file', 'GUARD_BAD_PATH', mkfile('')],
  ['the root renamed', 'GUARD_BAD_PATH', rename('', 'x')],
  ['a rename to outside', 'GUARD_BAD_PATH', rename('a', '../a')],
  ['a rename from outside', 'GUARD_BAD_PATH', rename('../a', 'a')],
  ['a hard link to outside', 'GUARD_BAD_PATH', link('x', '../../etc/shadow')],
  ['a hard link to an absolute path', 'GUARD_BAD_PATH', link('x', '/etc/shadow')],
  ['a hard link made outside', 'GUARD_BAD_PATH', link('../x', 'f')],
  ['a symlink made outside', 'GUARD_BAD_PATH', encodeCommand('symlink', [['path', '../x'], INO, ['path_link', 'a']])],
  ['a directory removed outside', 'GUARD_BAD_PATH', encodeCommand('rmdir', [['path', '../x']])],
  ['a file removed outside', 'GUARD_BAD_PATH', encodeCommand('unlink', [['path', '../x']])],
  ['a fifo made outside', 'GUARD_BAD_PATH', encodeCommand('mkfifo', [['path', '../x'], INO])],
  ['a socket made outside', 'GUARD_BAD_PATH', encodeCommand('mksock', [['path', '../x'], INO])],
  [
    'a write outside',
    'GUARD_BAD_PATH',
    encodeCommand('write', [
      ['path', '../x'],
      ['file_offset', 0n],
      ['data', 'x'],
    ]),
  ],
  [
    'a truncate outside',
    'GUARD_BAD_PATH',
    encodeCommand('truncate', [
      ['path', '../x'],
      ['size', 0n],
    ]),
  ],
  ['a chmod outside', 'GUARD_BAD_PATH', chmod(0o777n, '../x')],
  [
    'a chown outside',
    'GUARD_BAD_PATH',
    encodeCommand('chown', [
      ['path', '../x'],
      ['uid', 0n],
      ['gid', 0n],
    ]),
  ],
  [
    'times set outside',
    'GUARD_BAD_PATH',
    encodeCommand('utimes', [
      ['path', '../x'],
      ['atime', timespec],
      ['mtime', timespec],
      ['ctime', timespec],
    ]),
  ],
  [
    'an attribute set outside',
    'GUARD_BAD_PATH',
    encodeCommand('set_xattr', [
      ['path', '../x'],
      ['xattr_name', 'user.a'],
      ['xattr_data', ''],
    ]),
  ],
  ['a clone from outside', 'GUARD_BAD_PATH', clone(UUID, '../x')],
  ['a clone of a foreign subvolume', 'GUARD_FOREIGN_CLONE', clone(FOREIGN_UUID, 'a/g')],
  ['a second subvolume', 'GUARD_SECOND_SUBVOLUME', SUBVOL],
  ['a second snapshot', 'GUARD_SECOND_SUBVOLUME', SNAPSHOT],
  [
    'a device node',
    'GUARD_DEVICE_NODE',
    encodeCommand('mknod', [['path', 'x'], INO, ['mode', 0o60666n], ['rdev', 0x0801n]]),
  ],
  ['a set-uid mode', 'GUARD_SET_ID_MODE', chmod(0o4755n)],
  ['a set-gid mode', 'GUARD_SET_ID_MODE', chmod(0o2755n)],
  ['a set-uid mode among high bits', 'GUARD_SET_ID_MODE', chmod(0xffff_ffff_0000_0000n | 0o104755n)],
  ['file capabilities', 'GUARD_CAPABILITY', xattr('security.capability')],
  ['file capabilities behind a NUL', 'GUARD_XATTR', xattr('security.capability\0user.x')],
  ['an allowed name before a NUL', 'GUARD_XATTR', xattr('user.x\0')],
  ['an IMA signature', 'GUARD_XATTR', xattr('security.ima')],
  ['a trusted attribute', 'GUARD_XATTR', xattr('trusted.overlay.opaque')],
  ['an attribute without a namespace', 'GUARD_XATTR', xattr('colour')],
  ['a namespace without a name', 'GUARD_XATTR', xattr('user.')],
  ['an ACL by a longer name', 'GUARD_XATTR', xattr('system.posix_acl_access2')],
  [
    'a capability removed behind a NUL',
    'GUARD_XATTR',
    encodeCommand('remove_xattr', [
      ['path', 'a'],
      ['xattr_name', 'user.x\0'],
    ]),
  ],
  ['an attribute whose name is empty', 'GUARD_XATTR', xattr('')],
  ['a file made through a symlink', 'GUARD_THROUGH_SYMLINK', mkfile('l/x')],
  ['a write through a symlink', 'GUARD_THROUGH_SYMLINK', write('l/g')],
  ['a write to a symlink', 'GUARD_WRONG_KIND', write('l')],
  ['a mode for a symlink', 'GUARD_WRONG_KIND', chmod(0o755n, 'l')],
  ['a write to a fifo', 'GUARD_WRONG_KIND', write('p')],
  ['a write to a directory', 'GUARD_WRONG_KIND', write('a')],
  ['a write to the root', 'GUARD_WRONG_KIND', write('')],
  ['a truncate of a symlink', 'GUARD_WRONG_KIND', truncate('l', 0n)],
  ['a clone of a symlink', 'GUARD_WRONG_KIND', clone(UUID, 'l')],
  ['a clone through a symlink', 'GUARD_THROUGH_SYMLINK', clone(UUID, 'l/g')],
  ['a write to what is not there', 'GUARD_NO_SUCH_PATH', write('a/x')],
  ['a path through a file', 'GUARD_NOT_A_DIRECTORY', mkfile('f/x')],
  ['a file made over a symlink', 'GUARD_EXISTS', mkfile('l')],
  ['a hard link over a file', 'GUARD_EXISTS', link('f', 'a/g')],
  ['a rename over a symlink', 'GUARD_EXISTS', rename('f', 'l')],
  ['a rename onto itself', 'GUARD_EXISTS', rename('f', 'f')],
  ['a directory renamed into itself', 'GUARD_INTO_ITSELF', rename('a', 'a/x')],
  ['a hard link to a directory', 'GUARD_WRONG_KIND', link('x', 'a')],
  ['a directory unlinked', 'GUARD_WRONG_KIND', unlink('a')],
  ['a file removed as a directory', 'GUARD_NOT_A_DIRECTORY', rmdir('f')],
  ['a directory removed that is not empty', 'GUARD_NOT_EMPTY', rmdir('a')],
  ['what is not there removed', 'GUARD_NO_SUCH_PATH', unlink('x')],
  ['the root removed', 'GUARD_BAD_PATH', rmdir('')],
  ['a regular file made as a device', 'GUARD_WRONG_KIND', mknod('x', 0o100644n)],
  ['a write that ends beyond every file', 'GUARD_BAD_NUMBER', write('f', 2n ** 63n - 1n)],
  ['a size beyond every file', 'GUARD_BAD_NUMBER', truncate('f', 2n ** 63n)],
  [
    'an owner beyond every owner',
    'GUARD_BAD_NUMBER',
    encodeCommand('chown', [
      ['path', 'f'],
      ['uid', 2n ** 32n],
      ['gid', 0n],
    ]),
  ],
  [
    'a command without contents',
    'GUARD_NO_DATA',
    encodeCommand('update_extent', [
      ['path', 'a'],
      ['file_offset', 0n],
      ['size', 1n],
    ]),
  ],
  ['command 0', 'GUARD_UNKNOWN_COMMAND', encodeCommand(0)],
  [
    'a command of a later protocol',
    'GUARD_UNKNOWN_COMMAND',
    encodeCommand('fileattr', [
      ['path', 'a'],
      ['fileattr', 1n],
    ]),
  ],
  ['a command that nobody knows', 'GUARD_UNKNOWN_COMMAND', encodeCommand(999, [['path', 'a']])],
  [
    'an attribute of another command',
    'GUARD_UNKNOWN_ATTRIBUTE',
    encodeCommand('unlink', [
      ['path', 'a'],
      ['mode', 1n],
    ]),
  ],
  [
    'an attribute that nobody knows',
    'GUARD_UNKNOWN_ATTRIBUTE',
    encodeCommand('unlink', [
      ['path', 'a'],
      [99, 'x'],
    ]),
  ],
  ['an attribute of the end', 'GUARD_UNKNOWN_ATTRIBUTE', encodeCommand('end', [['path', 'a']])],
  [
    'two paths',
    'SEND_STREAM_DUPLICATE_ATTRIBUTE',
    encodeCommand('unlink', [
      ['path', 'a'],
      ['path', '../x'],
    ]),
  ],
  ['no path', 'SEND_STREAM_MISSING_ATTRIBUTE', encodeCommand('unlink')],
  [
    'a mode of two bytes',
    'SEND_STREAM_BAD_ATTRIBUTE',
    encodeCommand('chmod', [
      ['path', 'a'],
      ['mode', 'ab'],
    ]),
  ],
  [
    'an attribute that is too long for its command',
    'SEND_STREAM_BAD_ATTRIBUTE',
    encodeRaw('unlink', Buffer.from('0f00ffff61', 'hex')),
  ],
  ['half an attribute', 'SEND_STREAM_BAD_ATTRIBUTE', encodeRaw('unlink', Buffer.from('0f0001006119', 'hex'))],
  ['a wrong CRC', 'SEND_STREAM_CRC_MISMATCH', Buffer.from(mkfile('x')).fill(0, 6, 10)],
];

describe.each(STREAMS)('a hostile %s stream', (_, expected, head) => {
  it.each(HOSTILE)('with %s is refused as %s, and nothing of it has passed', (_quirk, code, hostile) => {
    const before = Buffer.concat([encodeHeader(), head, BASE]);
    const stream = Buffer.concat([before, hostile, HARMLESS, END]);
    const exitCode = code.startsWith('GUARD_') ? 5 : 4;

    const atOnce = refusalOf(expected, [stream]);
    expect(atOnce.error).toMatchObject({ code, exitCode });
    expect(atOnce.passed).toHaveLength(0);

    const byteByByte = refusalOf(expected, chunked(stream, [1]));
    expect(byteByByte.error).toMatchObject({ code, exitCode });
    expect(byteByByte.passed).toEqual(before);
    const { offset } = byteByByte.error as { offset: number };
    expect(offset).toBeGreaterThanOrEqual(before.length);
    expect(offset).toBeLessThan(before.length + hostile.length);
  });
});
