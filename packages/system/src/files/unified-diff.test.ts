import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { systemRunner as runner } from '../system-runner.ts';
import { unifiedDiff } from './unified-diff.ts';

describe('unifiedDiff', () => {
  directoryTest(
    'tells what changed, what is new and what is gone, whatever the names are',
    async ({ temporaryDirectory }) => {
      const at = (name: string) => Buffer.from(`${temporaryDirectory}/${name}`, 'latin1');
      await writeFile(at('one\xff'), 'a\nb\n');
      await writeFile(at('two'), 'a\nc\n');
      const [one, two, nothing] = [
        { path: at('one\xff'), label: 'one' },
        { path: at('two'), label: 'two' },
        { path: undefined, label: 'nothing' },
      ];
      expect(await unifiedDiff(runner, one, two)).toBe('--- one\n+++ two\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n');
      expect(await unifiedDiff(runner, nothing, two)).toBe('--- nothing\n+++ two\n@@ -0,0 +1,2 @@\n+a\n+c\n');
      expect(await unifiedDiff(runner, two, nothing)).toContain('-a\n-c\n');
      expect(await unifiedDiff(runner, two, two)).toBe('');
    },
  );

  directoryTest('follows no symlink', async ({ temporaryDirectory }) => {
    await symlink('/etc/hostname', join(temporaryDirectory, 'link'));
    const link = { path: Buffer.from(join(temporaryDirectory, 'link')), label: 'link' };
    await expect(unifiedDiff(runner, link, { path: undefined, label: 'nothing' })).rejects.toMatchObject({
      code: 'ELOOP',
    });
  });
});
