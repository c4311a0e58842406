import { describe, expect, it } from 'vitest';
import { chmod, clone, INO, mkfile, xattr } from '../../test/commands.ts';
import { END, encodeCommand, encodeHeader, PARENT_UUID, SNAPSHOT, SUBVOL, UUID } from '../../test/encode-stream.ts';
import { FULL, INCREMENTAL, refusalOf } from '../../test/guarding.ts';

describe('what must pass', () => {
  it.each([
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
