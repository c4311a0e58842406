import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemRunner } from '@goldstream/system';
import { describe, expect } from 'vitest';
import { directoryTest, FOR_BTRFS, mountsUsing, requireOrSkip, unmountAllUsing } from '../src/index.ts';

const QUICKSTART = fileURLToPath(new URL('../../../scripts/quickstart.sh', import.meta.url));

/** A directory with a space in its name, as `$TMPDIR`: what quickstart.sh leaves would be seen in it. */
const quickstartTest = directoryTest.extend<{ place: string }>({
  place: async ({ skip, temporaryDirectory }, use) => {
    await requireOrSkip(skip, FOR_BTRFS);
    const place = join(await realpath(temporaryDirectory), 'a place');
    await mkdir(place);
    try {
      await use(place);
    } finally {
      await unmountAllUsing(place);
    }
  },
});

describe('scripts/quickstart.sh', () => {
  quickstartTest('goes the whole way, and keeps nothing but what it is asked to keep', async ({ place }) => {
    const quickstart = (...args: string[]) => systemRunner.capture([QUICKSTART, ...args], { env: { TMPDIR: place } });

    const said = await quickstart('--keep');

    expect(said.split('\n').filter((line) => line.startsWith('──'))).toEqual([
      '── Builder: from the recipe to a signed release',
      '── Host: from the release to what runs',
      '── Builder: one line of the program changes, and one of 16 MiB of text',
      '── Host: upgrade by the incremental stream, and back',
      expect.stringMatching(/^── The whole way took \d+\.\d s$/),
    ]);
    expect(said.match(/(?<=what runs now says: ).*/g)).toEqual([
      'op-dbus 1.0.0 (stand-in)',
      'op-dbus 1.1.0 (stand-in)',
      'op-dbus 1.0.0 (stand-in)',
    ]);
    expect(said).toMatch(/full +1 +4\d\.\d MiB +64\.\d MiB/);
    expect(said).toMatch(/from v1\.0\.0 +1 +\d\.\d KiB +\d+\.\d KiB/);

    const [kept = ''] = await readdir(place);
    expect(await mountsUsing(place)).not.toEqual([]);
    expect(await systemRunner.capture([join(place, kept, 'bin', 'goldstream-receiver'), 'list'])).toContain('v1.1.0');

    await quickstart('--remove', join(place, kept));
    expect(await mountsUsing(place)).toEqual([]);
    expect(await systemRunner.capture(['losetup', '--list', '--output', 'BACK-FILE'])).not.toContain(place);
    expect(existsSync(join(place, kept))).toBe(false);
  });

  quickstartTest('leaves nothing behind when a step fails', async ({ place, temporaryDirectory }) => {
    const tools = join(temporaryDirectory, 'tools');
    await mkdir(tools);
    await writeFile(join(tools, 'gpg'), '#!/bin/sh\necho "gpg: no key today" >&2\nexit 2\n', { mode: 0o755 });

    const { stderr, stdout } = await systemRunner.run([QUICKSTART], {
      env: { TMPDIR: place, PATH: `${tools}:${process.env['PATH']}` },
      accept: [3, 6],
    });

    expect(stderr).toContain('quickstart stopped: goldstream-builder ended with exit code');
    expect(stdout).toContain('op-dbus.btrfs (at most 4.0 GiB)'); // There was a pool to unmount.
    expect(await mountsUsing(place)).toEqual([]);
    expect(await readdir(place)).toEqual([]);
  });

  quickstartTest('leaves nothing behind when it is ended', async ({ place }) => {
    const { stdout, ended, kill } = systemRunner.spawn([QUICKSTART], { env: { TMPDIR: place }, stdout: 'pipe' });

    let said = '';
    for await (const piece of stdout ?? []) {
      said += piece;
      if (said.includes('$ goldstream-builder keys create')) kill('SIGTERM');
    }

    await expect(ended).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    expect(said).toContain('DIR is removed');
    expect(await mountsUsing(place)).toEqual([]);
    expect(await readdir(place)).toEqual([]);
  });

  quickstartTest('removes no directory that is not its own', async ({ place }) => {
    const { stderr } = await systemRunner.run([QUICKSTART, '--remove', place], { accept: [8] });
    expect(stderr).toContain('was not made by quickstart.sh');
    expect(existsSync(place)).toBe(true);
  });
});
