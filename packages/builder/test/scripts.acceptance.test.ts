import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { showSubvolume, systemRunner } from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { layoutOf } from '../src/layout.ts';

const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));

describe('the scripts of release engineers', () => {
  btrfsTest('freeze and send the golden environment of the checkout, from any directory', async ({ btrfs }) => {
    const root = join(btrfs, 'root');
    await mkdir(root);
    const layout = layoutOf(root, 'op-dbus');
    const run = (script: string, ...args: readonly string[]) =>
      systemRunner.run([join(CHECKOUT, script), ...args], { cwd: btrfs, accept: [2, 8] });

    expect(await run('scripts/create-snapshot.sh', '1.2.3', '--root', 'root')).toMatchObject({ exitCode: 2 });
    expect(await readdir(root)).toEqual([]);

    await run('btrfs/scripts/create-snapshot.sh', 'v1.2.3', '--root', 'root');
    expect(await showSubvolume(systemRunner, layout.snapshot('v1.2.3'))).toMatchObject({ readonly: true });
    await run('btrfs/scripts/send-snapshot.sh', 'v1.2.3', '--root', 'root');
    expect(await readdir(layout.assets('v1.2.3'))).toEqual(['op-dbus-v1.2.3.full.btrfs.zst']);

    // Nothing has changed since.
    expect(await run('scripts/create-snapshot.sh', 'v1.2.3', '--root', 'root')).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('is exactly what golden is'),
    });
  });
});
