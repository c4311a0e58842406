import { copyFile, mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import {
  createSubvolume,
  mountOverlay,
  REPLACEABLE_LOWER,
  type Running,
  type SubvolumeUse,
  snapshotSubvolume,
  subvolumeUsers,
  systemRunner,
  unmount,
} from '../src/index.ts';

describe('subvolumeUsers', () => {
  btrfsTest('names nobody for a subvolume that nobody uses', async ({ btrfs }) => {
    const { snapshot, other } = await twoSubvolumes(btrfs);
    await using _file = await open(join(other, 'file'));
    expect(await usesOf(snapshot)).toEqual([]);
  });

  btrfsTest('sees an open file, and whose it is', async ({ btrfs }) => {
    const { snapshot } = await twoSubvolumes(btrfs);
    await using _file = await open(join(snapshot, 'file'));
    expect(await usesOf(snapshot)).toMatchObject([{ kind: 'process', process: process.pid, by: 'descriptor' }]);
  });

  btrfsTest('sees a program that runs, a mapping and a working directory', async ({ btrfs }) => {
    const { snapshot } = await twoSubvolumes(btrfs);
    await whileRunning(['./cat'], snapshot, async ({ pid }) => {
      const uses = await usesOf(snapshot);
      expect(uses).toEqual(
        ['cwd', 'exe', 'mapping'].map((by) => ({ kind: 'process', process: pid, program: 'cat', by })),
      );
    });
  });

  btrfsTest('sees a bind mount of a part of it, and an overlay over it', async ({ btrfs }) => {
    const { snapshot, overlay, at } = await twoSubvolumes(btrfs);
    await systemRunner.capture(['mount', '--bind', join(snapshot, 'directory'), at]);
    expect(await usesOf(snapshot)).toMatchObject([{ kind: 'mount', mountPoint: at, own: true }]);
    await unmount(systemRunner, at);

    await overlayOn(at, snapshot, overlay);
    expect(await usesOf(snapshot)).toMatchObject([{ kind: 'layer', mountPoint: at, own: true }]);
    expect(await usesOf(overlay)).toMatchObject([{ kind: 'layer', mountPoint: at }]);
    await unmount(systemRunner, at);
    expect(await usesOf(snapshot)).toEqual([]);
  });

  btrfsTest('sees a loop device that shows a file of it', async ({ btrfs }) => {
    const { snapshot } = await twoSubvolumes(btrfs);
    const arguments_ = ['--find', '--show', '--read-only', join(snapshot, 'cat')];
    const device = (await systemRunner.capture(['losetup', ...arguments_])).trim();
    try {
      expect(await usesOf(snapshot)).toEqual([{ kind: 'loop', device }]);
    } finally {
      await systemRunner.capture(['losetup', '--detach', device]);
    }
  });

  btrfsTest('sees an overlay that only another mount namespace has', async ({ btrfs }) => {
    const { snapshot, overlay, at } = await twoSubvolumes(btrfs);
    await overlayOn(at, snapshot, overlay);
    await whileRunning(['unshare', '--mount', '--propagation', 'private', 'cat'], '/', async ({ pid }) => {
      await unmount(systemRunner, at);
      expect(await usesOf(snapshot)).toMatchObject([{ kind: 'layer', mountPoint: at, process: pid, own: false }]);
    });
    expect(await usesOf(snapshot)).toEqual([]);
  });

  btrfsTest('takes an overlay that was detached while a file of it is open for a possible use', async ({ btrfs }) => {
    const { snapshot, overlay, at } = await twoSubvolumes(btrfs);
    await overlayOn(at, snapshot, overlay);
    await using _file = await open(join(at, 'file'));
    expect(await usesOf(snapshot)).toMatchObject([{ kind: 'layer' }]);
    await systemRunner.capture(['umount', '--lazy', at]);
    expect(await usesOf(snapshot)).toMatchObject([
      { kind: 'unknown', says: expect.stringContaining(`process ${process.pid} holds`) },
    ]);
  });
});

async function usesOf(subvolume: string): Promise<readonly SubvolumeUse[] | undefined> {
  return (await subvolumeUsers([subvolume])).get(subvolume);
}

async function twoSubvolumes(pool: string) {
  const [source, snapshot, other, overlay] = ['source', 'v1.0.0', 'other', 'overlay'].map((name) =>
    join(pool, name),
  ) as [string, string, string, string];
  await createSubvolume(systemRunner, source);
  await mkdir(join(source, 'directory'));
  await writeFile(join(source, 'file'), 'content');
  await copyFile('/usr/bin/cat', join(source, 'cat'));
  await snapshotSubvolume(systemRunner, source, snapshot, { readonly: true });
  await snapshotSubvolume(systemRunner, source, other);
  await createSubvolume(systemRunner, overlay);
  const at = join(pool, 'at');
  for (const directory of [join(overlay, 'upper'), join(overlay, 'work'), at]) await mkdir(directory);
  return { snapshot, other, overlay, at };
}

async function overlayOn(at: string, lower: string, overlay: string): Promise<void> {
  const layers = { lower, upper: join(overlay, 'upper'), work: join(overlay, 'work') };
  await mountOverlay(systemRunner, { ...layers, at, options: [...REPLACEABLE_LOWER] });
}

/** Runs `use` while a program waits for its stdin; the program has answered once, so it is really running. */
async function whileRunning(
  command: readonly [string, ...string[]],
  cwd: string,
  use: (child: Running) => Promise<void>,
): Promise<void> {
  const child = systemRunner.spawn(command, { cwd, stdin: 'pipe', stdout: 'pipe' });
  const answered = new Promise((resolve) => child.stdout?.once('data', resolve));
  child.stdin?.write('ready\n');
  await answered;
  try {
    await use(child);
  } finally {
    child.stdin?.end();
    await child.ended;
  }
}
