import { describe, expect, it } from 'vitest';
import { chunked } from '../../test/chunking.ts';
import {
  END,
  encodeCommand,
  encodeHeader,
  encodeRaw,
  FOREIGN_UUID,
  PARENT_UUID,
  SNAPSHOT,
  SUBVOL,
  type TestAttribute,
  UUID,
  uuidBytes,
} from '../../test/encode-stream.ts';
import { FULL, INCREMENTAL, refusalOf } from '../../test/guarding.ts';
import type { CommandName, SendStreamErrorCode } from '../index.ts';

const INO: TestAttribute = ['ino', 257n];
const HARMLESS = encodeCommand('mkdir', [['path', 'a'], INO]);
const timespec = Buffer.alloc(12);

const clone = (uuid: string, path: string) =>
  encodeCommand('clone', [
    ['file_offset', 0n],
    ['clone_len', 4096n],
    ['path', 'a/f'],
    ['clone_uuid', uuidBytes(uuid)],
    ['clone_ctransid', 99n],
    ['clone_path', path],
    ['clone_offset', 0n],
  ]);
const xattr = (name: string | Uint8Array) =>
  encodeCommand('set_xattr', [
    ['path', 'a'],
    ['xattr_name', name],
    ['xattr_data', 'x'],
  ]);
const chmod = (mode: bigint, path = 'a') =>
  encodeCommand('chmod', [
    ['path', path],
    ['mode', mode],
  ]);
const rename = (from: string, to: string) =>
  encodeCommand('rename', [
    ['path', from],
    ['path_to', to],
  ]);
const link = (path: string, to: string) =>
  encodeCommand('link', [
    ['path', path],
    ['path_link', to],
  ]);
const mkfile = (path: string | Uint8Array) => encodeCommand('mkfile', [['path', path], INO]);

/** A stream whose second command does no harm and whose third is `hostile`, both in a full and in an incremental one. */
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
  ['a hard link made outside', 'GUARD_BAD_PATH', link('../x', 'a')],
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
  ['file capabilities', 'GUARD_XATTR', xattr('security.capability')],
  ['file capabilities behind a NUL', 'GUARD_XATTR', xattr('security.capability\0user.x')],
  ['an allowed name before a NUL', 'GUARD_XATTR', xattr('user.x\0')],
  ['an IMA signature', 'GUARD_XATTR', xattr('security.ima')],
  ['a trusted attribute', 'GUARD_XATTR', xattr('trusted.overlay.opaque')],
  ['an attribute without a namespace', 'GUARD_XATTR', xattr('colour')],
  ['a namespace without a name', 'GUARD_XATTR', xattr('user.')],
  ['an ACL by a longer name', 'GUARD_XATTR', xattr('system.posix_acl_access2')],
  [
    'a capability removed',
    'GUARD_XATTR',
    encodeCommand('remove_xattr', [
      ['path', 'a'],
      ['xattr_name', 'security.capability'],
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
    const before = Buffer.concat([encodeHeader(), head, HARMLESS]);
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

const head = (name: CommandName, change: Partial<Record<string, TestAttribute[1]>> = {}) => {
  const values = {
    path: 'v1',
    uuid: uuidBytes(UUID),
    ctransid: 7n,
    clone_uuid: uuidBytes(PARENT_UUID),
    clone_ctransid: 5n,
  };
  const names = ['path', 'uuid', 'ctransid', ...(name === 'snapshot' ? ['clone_uuid', 'clone_ctransid'] : [])] as const;
  // The names are keys of the values.
  return encodeCommand(
    name,
    names.map((key) => [key, change[key] ?? values[key as keyof typeof values]] as TestAttribute),
  );
};

describe('a stream whose first command', () => {
  it.each([
    ['has another name', 'GUARD_WRONG_NAME', FULL, head('subvol', { path: 'v2' })],
    ['has a name that leads elsewhere', 'GUARD_BAD_PATH', FULL, head('subvol', { path: '../v1' })],
    ['has a name of two components', 'GUARD_BAD_PATH', FULL, head('subvol', { path: 'x/v1' })],
    ['has a name with a NUL', 'GUARD_BAD_PATH', FULL, head('subvol', { path: 'v1\0' })],
    ['has another uuid', 'GUARD_WRONG_UUID', FULL, head('subvol', { uuid: uuidBytes(FOREIGN_UUID) })],
    ['has another transid', 'GUARD_WRONG_TRANSID', FULL, head('subvol', { ctransid: 8n })],
    [
      'names another parent',
      'GUARD_WRONG_PARENT',
      INCREMENTAL,
      head('snapshot', { clone_uuid: uuidBytes(FOREIGN_UUID) }),
    ],
    ['names a parent where none is expected', 'GUARD_WRONG_PARENT', FULL, head('snapshot')],
    ['names no parent where one is expected', 'GUARD_WRONG_PARENT', INCREMENTAL, head('subvol')],
    ['makes no subvolume', 'SEND_STREAM_NO_SUBVOLUME', FULL, HARMLESS],
    ['is its end', 'SEND_STREAM_NO_SUBVOLUME', FULL, Buffer.alloc(0)],
  ] as const)('%s is refused as %s', (_, code, expected, first) => {
    const { error, passed } = refusalOf(expected, chunked(Buffer.concat([encodeHeader(), first, END]), [1]));
    expect(error).toMatchObject({ code, offset: 17 });
    expect(passed).toHaveLength(0);
  });
});

describe('what must pass', () => {
  const parentsNumber = head('snapshot', { clone_ctransid: 12_345n });
  it.each([
    ['a parent with any local transid', INCREMENTAL, [parentsNumber]],
    ['a clone out of the parent', INCREMENTAL, [SNAPSHOT, clone(PARENT_UUID, 'a/g')]],
    ['a clone within the subvolume', FULL, [SUBVOL, clone(UUID, 'a/g')]],
    [
      'a symlink to anywhere',
      FULL,
      [SUBVOL, encodeCommand('symlink', [['path', 'x'], INO, ['path_link', '../../etc']])],
    ],
    ['the mode of the root', FULL, [SUBVOL, chmod(0o755n, '')]],
    ['a sticky directory', FULL, [SUBVOL, chmod(0o1777n)]],
    ['names that only look odd', FULL, [SUBVOL, mkfile('...'), mkfile('..x/.y'), mkfile(Buffer.of(0xe9, 0xff, 0x0a))]],
    ['the longest name', FULL, [SUBVOL, mkfile('n'.repeat(255))]],
    [
      'an ACL and a label',
      FULL,
      [SUBVOL, xattr('system.posix_acl_default'), xattr('security.selinux'), xattr('btrfs.compression')],
    ],
  ] as const)('%s', (_, expected, commands) => {
    const stream = Buffer.concat([encodeHeader(), ...commands, END]);
    expect(refusalOf(expected, [stream])).toEqual({ error: undefined, passed: stream });
  });
});
