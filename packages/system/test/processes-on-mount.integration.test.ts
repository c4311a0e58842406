import { copyFile, mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import {
  mountOverlay,
  processesOn,
  REPLACEABLE_LOWER,
  type Running,
  remountReadOnly,
  systemRunner,
  writersOn,
} from '../src/index.ts';

/** Maps a file shared and writable, closes all descriptors of it (Python's mapping keeps one), and waits. */
const MAPPER = `
import mmap, os, sys
file = open('file', 'r+b')
mapping = mmap.mmap(file.fileno(), 0)
os.closerange(3, 64)
print('ready', flush=True)
sys.stdin.read()
os._exit(0)
`;

describe('processesOn', () => {
  btrfsTest('names nobody on a mount that nobody uses, nor where nothing is mounted', async ({ btrfs }) => {
    const at = await overlayIn(btrfs);
    expect(await processesOn(at)).toEqual([]);
    expect(await processesOn(join(btrfs, 'lower'))).toEqual([]);
  });

  btrfsTest('tells readers from writers, as a read-only remount does', async ({ btrfs }) => {
    const at = await overlayIn(btrfs);
    {
      await using _reader = await open(join(at, 'file'));
      expect(await processesOn(at)).toMatchObject([{ pid: process.pid, holds: ['descriptor'], writes: false }]);
      await using _writer = await open(join(at, 'file'), 'r+');
      expect(await writersOn(at)).toMatchObject([{ pid: process.pid, holds: ['descriptor'], writes: true }]);
      await expect(remountReadOnly(systemRunner, at)).rejects.toMatchObject({ code: 'SYSTEM_MOUNT_BUSY' });
    }
    expect(await writersOn(at)).toEqual([]);
    await remountReadOnly(systemRunner, at);
  });

  btrfsTest('does not take files of the layers below for files of the mount', async ({ btrfs }) => {
    const at = await overlayIn(btrfs);
    await using _file = await open(join(btrfs, 'lower/file'), 'r+');
    expect(await processesOn(at)).toEqual([]);
  });

  btrfsTest('sees a program that runs from it, with its name and working directory', async ({ btrfs }) => {
    const at = await overlayIn(btrfs);
    await whileRunning(['./cat'], at, async ({ pid }) => {
      expect(await processesOn(at)).toEqual([
        { pid, command: 'cat', unit: undefined, holds: ['cwd', 'exe', 'mapping'], writes: false },
      ]);
    });
  });

  btrfsTest('sees a shared mapping as a writer, though no descriptor is open', async ({ btrfs }) => {
    const at = await overlayIn(btrfs);
    await whileRunning(['python3', '-c', MAPPER], at, async ({ pid }) => {
      expect(await writersOn(at)).toMatchObject([{ pid, holds: ['cwd', 'mapping'], writes: true }]);
      await expect(remountReadOnly(systemRunner, at)).rejects.toMatchObject({ code: 'SYSTEM_MOUNT_BUSY' });
    });
  });

  btrfsTest('sees through the mount namespace of a service', async ({ btrfs }) => {
    const at = await overlayIn(btrfs);
    await whileRunning(['unshare', '--mount', '--propagation', 'private', join(at, 'cat')], '/', async ({ pid }) => {
      expect(await processesOn(at)).toMatchObject([{ pid, holds: ['exe', 'mapping'] }]);
    });
  });
});

async function overlayIn(pool: string): Promise<string> {
  const [lower, upper, work, at] = ['lower', 'upper', 'work', 'at'].map((name) => join(pool, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const directory of [lower, upper, work, at]) await mkdir(directory);
  await writeFile(join(lower, 'file'), 'content');
  await copyFile('/usr/bin/cat', join(lower, 'cat'));
  await mountOverlay(systemRunner, { lower, upper, work, at, options: [...REPLACEABLE_LOWER] });
  return at;
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
