import { chmod, mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { directoryTest } from './fixtures.ts';
import { expectUnchanged, snapshotOfTree } from './tree-listing.ts';

const OWNER = `${process.getuid?.()}:${process.getgid?.()}`;
const SHA256_OF_HELLO = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

describe('snapshotOfTree', () => {
  directoryTest('lists kind, mode, owner, content and target of everything', async ({ temporaryDirectory: root }) => {
    await mkdir(join(root, 'bin'), { mode: 0o755 });
    await writeFile(join(root, 'bin', 'hello'), 'hello', { mode: 0o750 });
    await symlink('bin/hello', join(root, 'link'));

    expect(await snapshotOfTree(root)).toEqual({
      '.': `directory 0700 ${OWNER}`,
      bin: `directory 0755 ${OWNER}`,
      'bin/hello': `file 0750 ${OWNER} 5 sha256:${SHA256_OF_HELLO}`,
      link: `symlink 0777 ${OWNER} -> bin/hello`,
    });
  });

  directoryTest('takes names that are not UTF-8', async ({ temporaryDirectory: root }) => {
    await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff])]), '');
    expect(Object.keys(await snapshotOfTree(root))).toHaveLength(2);
  });
});

describe('expectUnchanged', () => {
  directoryTest('gives back what the action gave', async ({ temporaryDirectory: root }) => {
    expect(await expectUnchanged(root, async () => 42)).toBe(42);
  });

  directoryTest('notices a changed mode and a mere touch', async ({ temporaryDirectory: root }) => {
    const file = join(root, 'file');
    await writeFile(file, 'x', { mode: 0o644 });

    await expect(expectUnchanged(root, () => chmod(file, 0o600))).rejects.toThrow();
    await expect(expectUnchanged(root, () => utimes(file, 1, 1))).rejects.toThrow();
  });
});
