import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { btrfsTest, mountsUsing, snapshotOfTree, withSealedTree } from '../src/index.ts';

describe('a sealed tree', () => {
  btrfsTest('lets a program change the tree and the pool, and shows it nothing else', async ({ btrfs }) => {
    await writeFile(join(btrfs, 'in-the-pool'), '');
    await withSealedTree(btrfs, async ({ root, run }) => {
      await writeFile(join(root, 'sentinel'), 'untouched');
      const { stdout } = await run(['ls', '-A', '/', '/left-behind', '/pool', '/proc/1/root/']);
      const top = ['bin', 'left-behind', 'lib', 'lib64', 'pool', 'proc', 'sbin', 'sentinel', 'usr'];
      const listing = (name: string, ...entries: string[]) => `${[`${name}:`, ...entries].join('\n')}\n`;
      expect(stdout).toBe(
        [
          listing('/', ...top),
          listing('/left-behind'),
          listing('/pool', 'in-the-pool'),
          listing('/proc/1/root/', ...top),
        ].join('\n'),
      );
      await run(['cp', '/sentinel', '/pool/copy']);
      await run(['truncate', '--size', '0', '/../../sentinel']);
      expect(await readFile(join(btrfs, 'copy'), 'utf8')).toBe('untouched');
      expect(await readFile(join(root, 'sentinel'), 'utf8')).toBe('');
    });
  });

  btrfsTest('has read-only programs, no devices, and mounts that nobody else sees', async ({ btrfs }) => {
    await withSealedTree(btrfs, async ({ root, run }) => {
      const refused = async (...command: [string, ...string[]]) => (await run(command, { accept: [1] })).stderr;
      expect(await refused('touch', '/usr/bin/x')).toContain('Read-only file system');
      expect(await refused('cp', '/usr/bin/true', '/proc/sys/kernel/hostname')).toContain('Read-only file system');
      await run(['mknod', '/pool/null', 'c', '1', '3']);
      expect(await refused('cp', '/pool/null', '/copy')).toContain('Permission denied');
      await mkdir(join(root, 'directory'));
      expect(await mountsUsing(root)).toEqual([]);
      expect(Object.keys(await snapshotOfTree(join(root, 'pool')))).toEqual(['.']);
    });
  });
});
