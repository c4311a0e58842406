import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { parentAt } from '../src/parent-at.ts';

describe('a look at a parent', () => {
  directoryTest('says what lstat says, and follows nothing', async ({ temporaryDirectory: at }) => {
    await mkdir(join(at, 'dir'), { mode: 0o750 });
    await writeFile(join(at, 'dir/file'), '', { mode: 0o640 });
    await link(join(at, 'dir/file'), join(at, 'dir/other'));
    await symlink('dir', join(at, 'to-dir'));
    await symlink('/etc/passwd', join(at, 'away'));
    await systemRunner.run(['mkfifo', '--mode=600', join(at, 'fifo')]);
    await systemRunner.run(['mknod', join(at, 'null'), 'c', '1', '3']);
    const { find } = parentAt(at);
    const look = (path: string) => find(Buffer.from(path, 'latin1'));

    expect(look('dir')).toEqual({ kind: 'directory', mode: 0o750 });
    expect(look('dir/file')).toMatchObject({ kind: 'file', mode: 0o640, id: expect.any(Number) });
    expect(look('dir/other')?.id).toBe(look('dir/file')?.id);
    expect(look('to-dir')).toMatchObject({ kind: 'symlink' });
    expect(look('away')).toMatchObject({ kind: 'symlink' });
    expect(look('fifo')).toMatchObject({ kind: 'fifo' });
    expect(look('null')).toMatchObject({ kind: 'character-device' });
  });

  directoryTest('finds names that are not UTF-8', async ({ temporaryDirectory: at }) => {
    const name = Buffer.from('caf\xe9', 'latin1');
    await writeFile(Buffer.concat([Buffer.from(`${at}/`), name]), '');
    expect(parentAt(at).find(name)).toMatchObject({ kind: 'file' });
    expect(parentAt(at).find(Buffer.from('café'))).toBeUndefined();
  });

  directoryTest('tells that there is nothing from that it cannot be seen', async ({ temporaryDirectory: at }) => {
    await writeFile(join(at, 'file'), '');
    const { find } = parentAt(at);
    for (const path of ['missing', 'file/below', 'missing/below']) expect(find(Buffer.from(path))).toBeUndefined();
    expect(() => find(Buffer.alloc(300, 'x'))).toThrow(
      expect.objectContaining({ code: 'TRANSFER_PARENT_UNREADABLE', message: expect.stringContaining('ENAMETOOLONG') }),
    );
  });
});
