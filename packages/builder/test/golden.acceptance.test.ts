import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { btrfsTest, expectUnchanged } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { makeWorkshop } from './workshop.ts';

const EVERY_SOURCE = `application: shop
sources:
  - directory: stage-1
  - archive: vendor.tar.gz
  - build:
      command: [make-pages, pages]
      output: pages
    into: web
`;

describe('goldstream-builder golden', () => {
  btrfsTest('puts directories, archives and what builds make together', async ({ btrfs }) => {
    const shop = await makeWorkshop(btrfs);
    await shop.do('init');
    await mkdir(join(btrfs, 'vendor-1.0'));
    await writeFile(join(btrfs, 'vendor-1.0/library'), 'a library');
    await systemRunner.run(['tar', '-czf', join(shop.recipe, 'vendor.tar.gz'), '-C', btrfs, 'vendor-1.0']);
    await shop.write('make-pages', '#!/bin/sh\nmkdir -p "$1"\necho building pages\necho page >"$1/index.html"\n');
    await chmod(join(shop.recipe, 'make-pages'), 0o755);
    await shop.write('golden.yaml', EVERY_SOURCE.replace('[make-pages', `[${join(shop.recipe, 'make-pages')}`));

    const updated = await shop.run(['golden', 'update']);

    expect(updated).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('building pages') });
    const { golden, scratch } = shop.layout;
    expect(await readFile(join(golden, 'vendor-1.0/library'), 'utf8')).toBe('a library');
    expect(await readFile(join(golden, 'web/index.html'), 'utf8')).toBe('page\n');
    expect(await readdir(scratch)).toEqual([]);
    expect(await shop.do('golden', 'verify')).toContain('equals its recipe');
  });

  btrfsTest('touches only what differs, whatever golden holds, and says so before', async ({ btrfs }) => {
    const shop = await makeWorkshop(btrfs);
    await shop.do('init');
    await shop.do('golden', 'update');
    const { golden } = shop.layout;
    const before = await stat(join(golden, 'stage-1/manifest.yaml'));
    await shop.write('stage-1/bin/shop', '#!/bin/sh\necho 2.0.0\n');
    await writeFile(join(golden, 'stray'), 'by hand');

    expect(JSON.parse(await shop.do('golden', 'diff', '--json'))).toEqual({
      golden,
      differences: [
        { kind: 'differs', path: 'stage-1/bin/shop', aspects: ['content'] },
        { kind: 'unexpected', path: 'stray', aspects: [] },
      ],
    });
    const plan = await expectUnchanged(golden, () => shop.do('golden', 'update', '--dry-run'));
    expect(plan).toMatch(/1\. remove stray.*\n.*2\. .*stage-1\/bin\/shop.*\n.*3\. write golden to disk/);
    await shop.do('golden', 'update');
    expect(await readFile(join(golden, 'stage-1/bin/shop'), 'utf8')).toContain('2.0.0');
    expect(await readdir(golden)).toEqual(['stage-1']);
    const after = await stat(join(golden, 'stage-1/manifest.yaml'));
    expect([after.ino, after.ctimeMs]).toEqual([before.ino, before.ctimeMs]);
    expect((await shop.run(['golden', 'update'])).stderr).toContain('nothing to do');
  });
});
