import { describe, expect, it } from 'vitest';
import {
  BASE,
  chmod,
  clone,
  INO,
  link,
  mkdir,
  mkfile,
  rename,
  rmdir,
  timespec,
  truncate,
  unlink,
  write,
  xattr,
} from '../../test/commands.ts';
import { END, encodeCommand, encodeHeader, PARENT_UUID, SNAPSHOT, SUBVOL, UUID } from '../../test/encode-stream.ts';
import { FULL, INCREMENTAL, parentOf, refusalOf } from '../../test/guarding.ts';

const FULL_HEAD = [SUBVOL, BASE] as const;

describe('a full stream may bring', () => {
  it.each([
    ['a clone within the subvolume', [clone(UUID, 'a/g')]],
    ['a symlink to anywhere', [encodeCommand('symlink', [['path', 'x'], INO, ['path_link', '../../etc']])]],
    ['the mode of the root', [chmod(0o755n, '')]],
    ['a sticky directory', [chmod(0o1777n)]],
    ['the mode of a fifo', [chmod(0o644n, 'p')]],
    [
      'owner, times and attributes of a symlink itself',
      [
        encodeCommand('chown', [
          ['path', 'l'],
          ['uid', 0n],
          ['gid', 0n],
        ]),
        encodeCommand('utimes', [
          ['path', 'l'],
          ['atime', timespec],
          ['mtime', timespec],
          ['ctime', timespec],
        ]),
        xattr('security.selinux', 'l'),
      ],
    ],
    ['names that only look odd', [mkfile('...'), mkdir('..x'), mkfile('..x/.y'), mkfile(Buffer.of(0xe9, 0xff, 0x0a))]],
    ['the longest name', [mkfile('n'.repeat(255))]],
    ['an ACL and a label', [xattr('system.posix_acl_default'), xattr('security.selinux'), xattr('btrfs.compression')]],
    [
      'an attribute removed, whatever its name',
      [
        encodeCommand('remove_xattr', [
          ['path', 'f'],
          ['xattr_name', 'security.capability'],
        ]),
      ],
    ],
    ['the largest file', [write('f', 2n ** 63n - 2n), truncate('f', 2n ** 63n - 1n)]],
    [
      'objects under temporary names',
      [mkdir('o9-1-0'), mkfile('o9-1-0/x'), rename('o9-1-0', 'a/b'), write('a/b/x'), link('y', 'a/b/x')],
    ],
    ['everything taken away', [unlink('a/g'), rmdir('a'), unlink('f'), unlink('l'), unlink('p')]],
  ] as const)('%s', (_, commands) => {
    const stream = Buffer.concat([encodeHeader(), ...FULL_HEAD, ...commands, END]);
    expect(refusalOf(FULL, [stream])).toEqual({ error: undefined, passed: stream });
  });
});

describe('an incremental stream may', () => {
  const tree = { a: 'directory', 'a/f': 'fifo', b: 'directory', 'b/f': 'file', f: 'file', l: 'symlink' } as const;
  const expected = { ...INCREMENTAL, parent: parentOf(tree) };

  it.each([
    ['clone out of the parent', [clone(PARENT_UUID, 'b/f')]],
    ['clone out of what it removed', [unlink('b/f'), clone(PARENT_UUID, 'b/f')]],
    [
      'swap directories and write to what the parent has elsewhere',
      [rename('b', 'o258-14-0'), rename('a', 'b'), rename('o258-14-0', 'a'), write('a/f'), clone(UUID, 'a/f')],
    ],
    ['put something else where the parent has a symlink', [unlink('l'), mkdir('l'), mkfile('l/x')]],
    ['remove a directory of the parent', [unlink('a/f'), rename('a', 'o257-5-0'), rmdir('o257-5-0')]],
  ] as const)('%s', (_, commands) => {
    const stream = Buffer.concat([encodeHeader(), SNAPSHOT, ...commands, END]);
    expect(refusalOf(expected, [stream])).toEqual({ error: undefined, passed: stream });
  });

  it.each([
    ['write to what a swap brought to a name', 'GUARD_WRONG_KIND', [rename('b', 'x'), rename('a', 'b'), write('b/f')]],
    ['write through a symlink of the parent', 'GUARD_THROUGH_SYMLINK', [write('l/f')]],
    ['write through a symlink that was renamed', 'GUARD_THROUGH_SYMLINK', [rename('l', 'm'), write('m/f')]],
    ['clone out of what only it has', 'GUARD_NO_SUCH_PATH', [mkfile('x'), clone(PARENT_UUID, 'x')]],
    ['clone out of what it removed as if it were there', 'GUARD_NO_SUCH_PATH', [unlink('b/f'), clone(UUID, 'b/f')]],
    ['clone a fifo of the parent', 'GUARD_WRONG_KIND', [clone(PARENT_UUID, 'a/f')]],
    ['make what the parent has', 'GUARD_EXISTS', [mkfile('b/f')]],
    ['remove twice', 'GUARD_NO_SUCH_PATH', [unlink('b/f'), unlink('b/f')]],
  ] as const)('not %s', (_, code, commands) => {
    const { error } = refusalOf(expected, [Buffer.concat([encodeHeader(), SNAPSHOT, ...commands, END])]);
    expect(error).toMatchObject({ code, exitCode: 5 });
  });
});
