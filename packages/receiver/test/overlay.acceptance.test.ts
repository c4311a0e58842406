import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mountAt } from '@goldstream/system';
import { describe, expect } from 'vitest';
import { shopTest } from './shop-test.ts';
import { expectHostUnchanged, type TargetHost } from './target-host.ts';

/** Edits what v1.1.0 changes (`core/bin/shop`) and what it does not, deletes a file, and makes one that v1.1.0 brings. */
async function editActive(host: TargetHost): Promise<void> {
  const root = join(host.layout.current, 'root');
  await writeFile(join(root, 'core/bin/shop'), '#!/bin/sh\necho edited\n');
  await writeFile(join(root, 'core/share/page'), 'edited\n');
  await writeFile(join(root, 'core/bin/admin'), '#!/bin/sh\necho mine\n');
  await writeFile(join(root, 'core/mine'), 'mine\n');
  await rm(join(root, 'core/etc/shop.conf'));
  await mkdir(join(root, 'core/logs'));
}

const inActive = (host: TargetHost, path: string) => readFile(join(host.layout.current, 'root/core', path), 'utf8');

describe('edits of operators', () => {
  shopTest('are listed, shown, and taken back by a switch that leaves the others', async ({ host }) => {
    await host.do('deploy', 'v1.0.0');
    expect(await host.do('overlay', 'list')).toBe('deployment 0001 is as v1.0.0 has it\n');
    await editActive(host);

    const { edits } = JSON.parse(await host.do('overlay', 'list', '--json'));
    expect(edits).toEqual([
      { path: 'core/bin/admin', kind: 'added', aspects: [] },
      { path: 'core/bin/shop', kind: 'changed', aspects: ['content'] },
      { path: 'core/etc/shop.conf', kind: 'deleted', aspects: [] },
      { path: 'core/logs', kind: 'added', aspects: [] },
      { path: 'core/mine', kind: 'added', aspects: [] },
      { path: 'core/share/page', kind: 'changed', aspects: ['content'] },
    ]);
    expect(await host.do('overlay', 'diff', 'core/share', `${host.layout.current}/root/core/etc`)).toBe(
      'deleted core/etc/shop.conf\n--- vendor/core/etc/shop.conf\n+++ /dev/null\n@@ -1 +0,0 @@\n-colour = blue\n\n' +
        'changed core/share/page\n--- vendor/core/share/page\n+++ edited/core/share/page\n@@ -1 +1 @@\n-one\n+edited\n',
    );

    const refused = await expectHostUnchanged(host, () => host.run(['overlay', 'reset', 'core/etc/till.conf']));
    expect(refused).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('OVERLAY_NO_EDIT') });

    const reset = await host.run(['overlay', 'reset', 'core/share', 'core/etc/shop.conf', 'core/logs/']);
    expect(reset).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^v1\.0\.0 is active as deployment 0002/),
    });
    expect(await inActive(host, 'share/page')).toBe('one\n');
    expect(await inActive(host, 'etc/shop.conf')).toBe('colour = blue\n');
    expect(await inActive(host, 'mine')).toBe('mine\n');
    const left = JSON.parse(await host.do('overlay', 'list', '--json')).edits.map(
      (edit: { path: string }) => edit.path,
    );
    expect(left).toEqual(['core/bin/admin', 'core/bin/shop', 'core/mine']);
    // What was taken back is in the deployment of before, which was only left.
    expect(await readFile(join(host.layout.deployment(1).upper, 'core/share/page'), 'utf8')).toBe('edited\n');
    expect(await mountAt(host.layout.deployment(2).root)).toMatchObject({ type: 'overlay' });
  });

  shopTest('that hide what an upgrade brings are kept, stop it, or give way, as is said', async ({ host }) => {
    await host.do('deploy', 'v1.0.0');
    await editActive(host);
    await host.do('receive', 'v1.1.0');

    const stopped = await expectHostUnchanged(host, () => host.run(['upgrade', 'v1.1.0', '--edits', 'stop']));
    expect(stopped).toMatchObject({
      exitCode: 8,
      stderr: expect.stringMatching(
        /OVERLAY_HIDES: .* v1\.1\.0 brings: core\/bin\/admin, core\/bin\/shop, core\/etc\/shop\.conf\n/,
      ),
    });

    const planned = await host.run(['upgrade', 'v1.1.0', '--dry-run']);
    expect(planned.stdout).toContain('core/bin/shop: v1.1.0 changes content, and nobody sees that: it was edited here');
    expect(planned.stdout).toContain(
      'core/etc/shop.conf: v1.1.0 changes content, and nobody sees that: it was deleted here',
    );
    expect(planned.stdout).not.toContain('core/share/page');

    const config = await readFile(host.layout.config, 'utf8');
    await writeFile(host.layout.config, `${config}edits: vendor\n`);
    const upgraded = await host.run(['upgrade', 'v1.1.0']);
    expect(upgraded).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('core/bin/admin: v1.1.0 adds it') });
    expect(await inActive(host, 'bin/shop')).toBe('#!/bin/sh\necho 1.1.0\n');
    expect(await inActive(host, 'bin/admin')).toBe('#!/bin/sh\necho admin\n');
    expect(await inActive(host, 'etc/shop.conf')).toBe('colour = red\n');
    // The vendor left these alone.
    expect(await inActive(host, 'share/page')).toBe('edited\n');
    expect(await inActive(host, 'mine')).toBe('mine\n');

    await host.do('rollback', '--with-state');
    expect(await inActive(host, 'bin/shop')).toBe('#!/bin/sh\necho edited\n');
  });
});
