import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { makeWorkshop, type Workshop } from './workshop.ts';

const MARKDOWN = `# Changes in shop v1.1.0

Since v1.0.0: 1 created, 1 changed, 1 removed; 23 B of contents set anew.

## Changed

- \`stage-1/bin/shop\`: 22 B

## Created

- \`stage-1/[new](x)\`: 1 B

## Removed

- \`stage-1/old\`
`;

describe('what a version changes', () => {
  btrfsTest('is told by diff, by its stream, and by the assets of its release', async ({ btrfs }) => {
    const shop = await twoVersions(btrfs);
    const release = join(shop.store, 'v1.1.0');
    const published = await readFile(join(release, 'shop-v1.1.0.changes.json'), 'utf8');
    const { formatVersion, parent, totals, ...lists } = JSON.parse(published) as Record<string, unknown>;
    expect({ formatVersion, parent, totals }).toEqual({
      formatVersion: '1.0',
      parent: { version: 'v1.0.0', uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      totals: { created: 1, changed: 1, removed: 1, renamed: 0, links: 0, metadata: 0, bytes: 23, carried: 23 },
    });
    expect(lists).toMatchObject({
      application: 'shop',
      version: 'v1.1.0',
      created: [{ path: 'stage-1/[new](x)', type: 'file', bytes: 1, carried: 1 }],
      changed: [{ path: 'stage-1/bin/shop', type: 'file', bytes: 22 }],
      removed: [{ path: 'stage-1/old', type: 'other' }],
    });
    expect(await readFile(join(release, 'shop-v1.1.0.changes.md'), 'utf8')).toBe(MARKDOWN);

    const snapshots = await shop.do('diff', 'v1.0.0', 'v1.1.0', '--json');
    // Without contents nothing travels.
    const uncarried = (text: string) => JSON.parse(text.replaceAll(/"carried": \d+/g, '"carried": 0')) as unknown;
    expect(uncarried(snapshots)).toEqual(uncarried(published));
    const asset = join(shop.layout.assets('v1.1.0'), 'shop-v1.1.0.from-v1.0.0.btrfs.zst');
    expect(await shop.do('diff', '--stream', asset)).toMatch(/\n {2}- stage-1\/old\n/);
    for (const words of [['v1.0.0'], ['v1.0.0', 'v1.1.0', '--stream', asset]]) {
      expect(await shop.run(['diff', ...words])).toMatchObject({ exitCode: 2 });
    }
    expect(await shop.run(['diff', 'v1.0.0', 'v9.0.0'])).toMatchObject({
      exitCode: 8,
      stderr: expect.stringContaining('BUILDER_SNAPSHOT_MISSING'),
    });
  });

  btrfsTest('and what its release holds, can be inspected and guarded by version or manifest', async ({ btrfs }) => {
    const shop = await twoVersions(btrfs);
    const manifest = join(shop.store, 'v1.1.0', 'shop-v1.1.0.manifest.json');
    const byVersion = JSON.parse(await shop.do('inspect', 'v1.1.0', '--json')) as unknown;
    expect(byVersion).toMatchObject({
      streams: [{ head: { kind: 'full', name: 'v1.1.0' } }, { head: { kind: 'incremental', name: 'v1.1.0' } }],
    });
    expect(JSON.parse(await shop.do('inspect', manifest, '--json'))).toEqual(byVersion);

    expect(await shop.do('inspect', '--guard', 'v1.1.0')).toMatch(
      /^the guard lets the full stream of v1\.1\.0 pass, .*\nthe guard lets the incremental stream of v1\.1\.0 pass, .*\n$/,
    );
    const assets = shop.layout.assets('v1.0.0');
    const older = join(assets, 'shop-v1.0.0.full.btrfs.zst');
    expect(await shop.run(['inspect', '--guard', '--manifest', manifest, older])).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('GUARD_WRONG_NAME'),
    });
    const incremental = join(shop.layout.assets('v1.1.0'), 'shop-v1.1.0.from-v1.0.0.btrfs.zst');
    const first = join(assets, 'shop-v1.0.0.manifest.json');
    expect(await shop.run(['inspect', '--guard', '--manifest', first, incremental])).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('BUILDER_NOT_OF_RELEASE'),
    });
  });
});

/** Two releases, with a file created, one changed, and one removed between them. */
async function twoVersions(btrfs: string): Promise<Workshop> {
  const shop = await makeWorkshop(btrfs);
  await shop.write('stage-1/old', 'x');
  await shop.do('init');
  await shop.do('keys', 'create');
  await cut(shop, 'v1.0.0');
  await rm(join(shop.recipe, 'stage-1/old'));
  await shop.write('stage-1/[new](x)', 'x');
  await shop.write('stage-1/bin/shop', '#!/bin/sh\necho 1.1.0!\n');
  await cut(shop, 'v1.1.0');
  return shop;
}

async function cut(shop: Workshop, version: string): Promise<void> {
  await shop.do('golden', 'update');
  await shop.do('snapshot', version);
  await shop.do('release', version);
}
