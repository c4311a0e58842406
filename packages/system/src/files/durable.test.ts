import { lstat, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { linkDurably, makeDirectoryDurably, removeDurably, writeDurably } from './durable.ts';

describe('writeDurably', () => {
  directoryTest('makes a file with the mode asked for, whatever the umask', async ({ temporaryDirectory }) => {
    const path = join(temporaryDirectory, 'record.json');
    await writeDurably(path, '{}\n', 0o666);
    expect(await readFile(path, 'utf8')).toBe('{}\n');
    expect((await stat(path)).mode & 0o7777).toBe(0o666);
  });

  directoryTest(
    'replaces a file, takes what a crash left, and leaves nothing beside it',
    async ({ temporaryDirectory }) => {
      const path = join(temporaryDirectory, 'record.json');
      await writeFile(path, 'old, and longer than the new one');
      await writeFile(join(temporaryDirectory, '.record.json.new'), 'half written before a power cut');
      await writeDurably(path, Uint8Array.of(1, 2, 3));
      expect([...(await readFile(path))]).toEqual([1, 2, 3]);
      expect(await readdir(temporaryDirectory)).toEqual(['record.json']);
    },
  );

  directoryTest('replaces a link instead of writing through it', async ({ temporaryDirectory }) => {
    const [path, elsewhere] = [join(temporaryDirectory, 'a'), join(temporaryDirectory, 'elsewhere')];
    await writeFile(elsewhere, 'untouched');
    await symlink(elsewhere, path);
    await writeDurably(path, 'new');
    expect((await lstat(path)).isFile()).toBe(true);
    expect(await readFile(elsewhere, 'utf8')).toBe('untouched');
  });

  directoryTest('keeps what was there when it cannot write', async ({ temporaryDirectory }) => {
    const path = join(temporaryDirectory, 'record.json');
    await writeFile(path, 'old');
    await mkdir(join(temporaryDirectory, '.record.json.new'));
    await expect(writeDurably(path, 'new')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await readFile(path, 'utf8')).toBe('old');
  });
});

describe('linkDurably', () => {
  directoryTest('replaces a link by another, also after a crash in between', async ({ temporaryDirectory }) => {
    const path = join(temporaryDirectory, 'current');
    await linkDurably(path, 'live/0001');
    await symlink('left over', join(temporaryDirectory, '.current.new'));
    await linkDurably(path, 'live/0002');
    expect(await readlink(path)).toBe('live/0002');
    expect(await readdir(temporaryDirectory)).toEqual(['current']);
  });
});

describe('removeDurably', () => {
  directoryTest('removes a link and not what it leads to; gone already is fine', async ({ temporaryDirectory }) => {
    await writeFile(join(temporaryDirectory, 'kept'), '');
    await symlink('kept', join(temporaryDirectory, 'link'));
    await removeDurably(join(temporaryDirectory, 'link'));
    await removeDurably(join(temporaryDirectory, 'link'));
    expect(await readdir(temporaryDirectory)).toEqual(['kept']);
  });
});

describe('makeDirectoryDurably', () => {
  directoryTest('makes all that is missing, and leaves what is there', async ({ temporaryDirectory }) => {
    const path = join(temporaryDirectory, 'a/b/c');
    await makeDirectoryDurably(path, 0o700);
    await writeFile(join(path, 'file'), '');
    await makeDirectoryDurably(path, 0o755);
    expect(await readdir(path)).toEqual(['file']);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });
});
