import { appendFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLock, systemRunner } from '@goldstream/system';
import { btrfsTest, directoryTest, expectUnchanged, fakeTool, pathWithout, snapshotOfTree } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { makeRunningWorkshop, makeWorkshop, type Workshop } from './workshop.ts';

/** The command must fail so, and leave golden and the snapshots as they were. */
async function refuses(shop: Workshop, args: readonly string[], exitCode: number, ...words: readonly string[]) {
  const { golden, snapshots } = shop.layout;
  const before = await Promise.all([golden, snapshots].map((directory) => snapshotOfTree(directory)));
  const { stderr, ...ended } = await shop.run(args);
  expect(await Promise.all([golden, snapshots].map((directory) => snapshotOfTree(directory)))).toEqual(before);
  for (const word of words) expect(stderr).toContain(word);
  expect({ ...ended, stderr }).toMatchObject({ exitCode });
}

describe('goldstream-builder refuses', () => {
  directoryTest('to work without root', async ({ temporaryDirectory }) => {
    const shop = await makeWorkshop(temporaryDirectory);
    const env = { NODE_OPTIONS: '--import=data:text/javascript,process.getuid=()=>1000' };
    for (const args of [['init'], ['golden', 'update'], ['send', 'v1.0.0', '--dry-run']]) {
      const ended = await expectUnchanged(temporaryDirectory, () => shop.run(args, { env }));
      expect(ended).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('SYSTEM_NOT_ROOT') });
    }
  });

  directoryTest('to work without a pool', async ({ temporaryDirectory }) => {
    const shop = await makeWorkshop(temporaryDirectory);
    for (const args of [
      ['golden', 'diff'],
      ['snapshot', 'v1.0.0'],
      ['send', 'v1.0.0'],
      ['release', 'v1.0.0'],
    ]) {
      expect(await shop.run(args)).toMatchObject({
        exitCode: 3,
        stderr: expect.stringMatching(/^BUILDER_NO_POOL: .*\n {2}hint: Run goldstream-builder init/),
      });
    }
  });

  btrfsTest('a pool that is seen through a bind mount of a plain directory', async ({ btrfs }) => {
    const shop = await makeWorkshop(btrfs);
    const plain = join(btrfs, 'plain');
    await mkdir(plain);
    await systemRunner.run(['mount', '--bind', plain, join(btrfs, 'root')]);
    const ended = await expectUnchanged(plain, () => shop.run(['init', '--dry-run']));
    expect(ended).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('BTRFS_BIND_MOUNT') });
  });

  btrfsTest('programs that are missing or too old', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs);
    const without = await pathWithout(btrfs, 'zstd', 'gpgv');
    expect(await shop.run(['send', 'v1.0.0'], { env: { PATH: without } })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/TOOL_MISSING: zstd .*\n {2}hint: Install it: apt-get install zstd/),
    });
    await fakeTool(without, 'zstd', '*** zstd command line interface 64-bits v1.3.8');
    expect(await shop.run(['send', 'v1.0.0'], { env: { PATH: without } })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/TOOL_TOO_OLD: zstd is version 1\.3\.8, needed is 1\.4 or newer/),
    });
  });

  btrfsTest('versions that are none, that exist, or that do not', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs);
    for (const version of ['1.2.3', 'v1.2', 'v1.2.3+build', '../v1.2.3']) {
      await refuses(shop, ['snapshot', version], 2, 'RELEASE_BAD_VERSION');
    }
    await shop.write('stage-1/bin/shop', '#!/bin/sh\necho something else\n');
    await shop.do('golden', 'update');
    await refuses(shop, ['snapshot', 'v1.0.0'], 8, 'BUILDER_SNAPSHOT_EXISTS', 'hint: Choose the next version.');
    await refuses(shop, ['send', 'v9.0.0'], 8, 'BUILDER_SNAPSHOT_MISSING', 'goldstream-builder snapshot v9.0.0');
    await refuses(shop, ['send', 'v1.0.0', '--parent', 'v0.9.0'], 8, 'BUILDER_PARENT_UNKNOWN', 'v0.9.0');
    await refuses(shop, ['send', 'v1.0.0', '--parent', 'v1.0.0'], 8, 'BUILDER_PARENT_UNKNOWN');
    await refuses(shop, ['release', 'v1.0.0', '--parent', 'v0.9.0'], 8, 'BUILDER_PARENT_UNKNOWN');
    await refuses(shop, ['release', 'v1.0.0', '--to', 'dir:/nowhere/at/all'], 7, 'STORE_MISSING');
    expect(await readdir(shop.store)).toEqual([]);
  });

  btrfsTest('a golden that somebody changed after its update, and names what was changed', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs);
    await appendFile(join(shop.layout.golden, 'stage-1/bin/shop'), '# by hand\n');
    await writeFile(join(shop.layout.golden, 'stray'), '');
    await refuses(
      shop,
      ['snapshot', 'v1.1.0'],
      8,
      'BUILDER_GOLDEN_CHANGED',
      './stage-1/bin/shop, ./stray',
      'goldstream-builder golden update',
    );
    expect(await readdir(shop.layout.snapshots)).toEqual(['v1.0.0']);
    expect(await shop.run(['golden', 'verify'])).toMatchObject({
      exitCode: 8,
      stdout: expect.stringMatching(/~ stage-1\/bin\/shop \(content\)\n- stray\n/),
    });
    await shop.do('golden', 'update');
    await shop.do('golden', 'verify');
    await shop.do('snapshot', 'v1.1.0');
  });

  btrfsTest('a nested subvolume in golden', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs);
    await systemRunner.run(['btrfs', 'subvolume', 'create', join(shop.layout.golden, 'nested')]);
    await refuses(shop, ['golden', 'update'], 4, 'TREE_NESTED_SUBVOLUME', 'nested');
    await refuses(shop, ['snapshot', 'v1.1.0'], 4, 'TREE_NESTED_SUBVOLUME');
    expect(await readdir(shop.layout.snapshots)).toEqual(['v1.0.0']);
  });

  btrfsTest.for<[string, string, string]>([
    [
      'a missing source',
      'application: shop\nsources:\n  - directory: absent\n',
      'TREE_SOURCE_MISSING: .*golden.yaml:3',
    ],
    [
      'a path that leads out',
      'application: shop\nsources:\n  - directory: ../..\n',
      'COMPONENT_PATH_ESCAPES: .*golden.yaml:3',
    ],
    [
      'two sources for one path',
      'application: shop\nsources:\n  - directory: stage-1\n  - directory: stage-2\n    into: stage-1\n',
      'TREE_SOURCE_CONFLICT: .*golden.yaml:4',
    ],
    ['a key that is none', 'application: shop\nsorces: []\n', 'COMPONENT_.*golden.yaml:2'],
  ])('a recipe with %s, naming file and line', async ([, golden, pattern], { btrfs }) => {
    const shop = await makeWorkshop(btrfs);
    await shop.do('init');
    await shop.write('golden.yaml', golden);
    await shop.write('stage-2/bin/shop', 'another');
    const ended = await expectUnchanged(shop.layout.golden, () => shop.run(['--app', 'shop', 'golden', 'update']));
    expect(ended).toMatchObject({ exitCode: 4, stderr: expect.stringMatching(pattern) });
    expect(await readdir(shop.layout.scratch)).toEqual([]);
  });

  btrfsTest('a manifest that names a missing file, naming file and line', async ({ btrfs }) => {
    const shop = await makeWorkshop(btrfs);
    await shop.do('init');
    await rm(join(shop.recipe, 'stage-1/bin/shop'));
    const ended = await expectUnchanged(shop.layout.golden, () => shop.run(['golden', 'update']));
    expect(ended).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/BUILDER_FILE_MISSING: .*stage-1\/manifest\.yaml:6:5/),
    });
  });

  btrfsTest('to work beside another builder', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs);
    await using _held = await acquireLock(systemRunner, shop.layout.lock);
    await refuses(shop, ['snapshot', 'v1.1.0'], 8, 'SYSTEM_LOCKED');
    await shop.do('snapshot', 'v1.1.0', '--dry-run');
    await shop.do('golden', 'diff');
  });

  btrfsTest('a second key unless one is asked for, and to sign without one', async ({ btrfs }) => {
    const shop = await makeWorkshop(btrfs);
    await shop.do('init');
    await shop.do('golden', 'update');
    await shop.do('snapshot', 'v1.0.0');
    await refuses(shop, ['release', 'v1.0.0'], 3, 'GPG_NO_KEY', 'goldstream-builder keys create');
    await shop.do('keys', 'create');
    await refuses(shop, ['keys', 'create'], 8, 'BUILDER_KEY_EXISTS', '--another');
    await shop.do('keys', 'create', '--another', '--name', 'second');
    await refuses(shop, ['release', 'v1.0.0'], 3, 'GPG_NO_KEY', 'key:');
    expect(await shop.do('keys', 'export', '--key', 'second', '--armor')).toMatch(
      /^-----BEGIN PGP PUBLIC KEY BLOCK-----/,
    );
  });

  btrfsTest('a snapshot that somebody made writable or replaced', async ({ btrfs }) => {
    const shop = await makeRunningWorkshop(btrfs);
    const path = shop.layout.snapshot('v1.0.0');
    await systemRunner.run(['btrfs', 'property', 'set', path, 'ro', 'false']);
    await refuses(shop, ['send', 'v1.0.0'], 8, 'BUILDER_SNAPSHOT_REPLACED', 'is writable');
  });
});
