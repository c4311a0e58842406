import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { readConfig } from './config.ts';
import { layoutOf } from './layout.ts';

const NOTHING = { suid: false, dev: false, capabilities: false, xattrs: [] };
const DEFAULTS = { threshold: 1, keep: 3, edits: 'keep', allow: NOTHING };

describe('readConfig', () => {
  directoryTest('has a default for everything but the store', async ({ temporaryDirectory }) => {
    expect(await readConfig(layoutOf(temporaryDirectory, 'app'))).toEqual(DEFAULTS);
    for (const empty of ['', '\n', '# nothing yet\n', '{}\n'])
      expect(await read(temporaryDirectory, empty)).toEqual(DEFAULTS);
  });

  directoryTest('reads what an operator wrote', async ({ temporaryDirectory }) => {
    const written =
      'store: dir:/srv/releases\nkeyring: /etc/keys.gpg\nthreshold: 2\nkeep: 5\nedits: vendor\nallow: { suid: true, xattrs: [trusted.app] }\n';
    expect(await read(temporaryDirectory, written)).toEqual({
      store: 'dir:/srv/releases',
      keyring: '/etc/keys.gpg',
      threshold: 2,
      keep: 5,
      edits: 'vendor',
      allow: { ...NOTHING, suid: true, xattrs: ['trusted.app'] },
    });
  });

  directoryTest.for([
    ['an unknown key', 'keep: 3\nkeeep: 4\n', 'keeep'],
    ['an unknown key below another', 'allow:\n  setuid: true\n', 'setuid'],
    ['file capabilities under another name', 'allow:\n  xattrs: [security.capability]\n', ':2:12: '],
    ['attributes that overlayfs obeys', 'allow: { xattrs: [trusted.overlay.opaque] }\n', ':1:19: '],
    ['a policy that is none', 'edits: mine\n', ':1:8: edits'],
    ['a number that is too small', 'store: dir:/s\nkeep: 1\n', ':2:7: keep: expected at least 2'],
    ['a threshold that nobody reaches', 'threshold: 17\n', ':1:12: threshold'],
    ['no signature at all', 'threshold: 0\n', ':1:12: threshold'],
    ['a word for a number', 'keep: many\n', ':1:7: keep'],
    ['a relative path', 'keyring: keys.gpg\n', ':1:10: keyring: expected an absolute path'],
    ['a list', '- store\n', ':1:1: '],
    ['a key that is there twice', 'keep: 3\nkeep: 4\n', ':2:1: '],
    ['an alias', 'store: &a dir:/s\nkeyring: *a\n', ':'],
    ['no YAML', 'store: [\n', ':2:1: '],
  ] as const)('refuses %s, and says where', async ([, written, place], { temporaryDirectory }) => {
    await expect(read(temporaryDirectory, written)).rejects.toMatchObject({
      code: 'CLI_BAD_CONFIG',
      category: 'input',
      message: expect.stringContaining(place),
    });
  });

  directoryTest('has no key that switches signatures off', async ({ temporaryDirectory }) => {
    for (const key of ['allowUnsigned: true', 'allow: { unsigned: true }', 'verify: false']) {
      await expect(read(temporaryDirectory, `${key}\n`)).rejects.toMatchObject({ code: 'CLI_BAD_CONFIG' });
    }
  });

  directoryTest('passes on that the file cannot be read', async ({ temporaryDirectory }) => {
    const layout = layoutOf(temporaryDirectory, 'app');
    await mkdir(layout.config, { recursive: true });
    await expect(readConfig(layout)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

async function read(root: string, written: string) {
  const layout = layoutOf(root, 'app');
  await mkdir(dirname(layout.config), { recursive: true });
  await writeFile(layout.config, written);
  return readConfig(layout);
}
