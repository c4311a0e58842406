import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { findApplication } from './find-application.ts';

describe('findApplication', () => {
  directoryTest('takes the one that is named, configured or not', async ({ temporaryDirectory }) => {
    expect(await findApplication(temporaryDirectory, 'op-dbus')).toBe('op-dbus');
  });

  directoryTest('takes the only one that is configured', async ({ temporaryDirectory }) => {
    await configure(temporaryDirectory, 'op-dbus.yaml', 'op-dbus.gpg', 'README');
    expect(await findApplication(temporaryDirectory, undefined)).toBe('op-dbus');
  });

  directoryTest.for([
    ['none is', [], 'no application is configured'],
    ['a keyring is, and no application', ['a.gpg'], 'no application is configured'],
    ['several are', ['a.yaml', 'b.yaml'], 'a, b are configured'],
  ] as const)('asks which one is meant when %s', async ([, files, message], { temporaryDirectory }) => {
    await configure(temporaryDirectory, ...files);
    await expect(findApplication(temporaryDirectory, undefined)).rejects.toMatchObject({
      code: 'HOST_NO_APPLICATION',
      message: expect.stringContaining(message),
      hint: 'Say which one with --app NAME.',
    });
  });

  directoryTest.for(['../../etc', 'a/b', '', '.', 'A', 'a--b', '-a', 'a b', 'a\n'])(
    'refuses “%s” as a name, because paths are made of it',
    async (name, { temporaryDirectory }) => {
      await expect(findApplication(temporaryDirectory, name)).rejects.toMatchObject({ code: 'HOST_NO_APPLICATION' });
    },
  );

  directoryTest.for(['A.yaml', '.yaml', 'a b.yaml', '.hidden.yaml'])(
    'refuses a file “%s” for a configuration of an application',
    async (file, { temporaryDirectory }) => {
      await configure(temporaryDirectory, file);
      await expect(findApplication(temporaryDirectory, undefined)).rejects.toMatchObject({
        code: 'HOST_NO_APPLICATION',
      });
    },
  );
});

async function configure(root: string, ...files: readonly string[]): Promise<void> {
  const directory = join(root, 'etc/goldstream');
  await mkdir(directory, { recursive: true });
  for (const file of files) await writeFile(join(directory, file), '');
}
