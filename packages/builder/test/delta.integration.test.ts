import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Examination, summarizeStream } from '@goldstream/send-stream';
import { createSubvolume, snapshotSubvolume, startSend, syncFilesystem, systemRunner } from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { examineSnapshots } from '../src/delta/examine-snapshots.ts';

const runner = systemRunner;
const BLOCK = 4096;

describe('the examination of two snapshots', () => {
  btrfsTest('finds no waste in blocks that were changed in place', async ({ btrfs }) => {
    const data = randomBytes(256 * BLOCK);
    const { files, ...totals } = await examine(btrfs, {
      before: (golden) => writeFile(join(golden, 'data'), data),
      change: (golden) => writeAt(join(golden, 'data'), randomBytes(2 * BLOCK), 100 * BLOCK),
    });
    expect(totals).toEqual({ sentBytes: 2 * BLOCK, wastedBytes: 0, isPartial: false });
    expect(files).toMatchObject([{ path: 'data', manner: 'rewritten' }]);
  });

  btrfsTest('finds equal files that were replaced by copies, to the byte', async ({ btrfs }) => {
    const sizes = { small: 100, odd: 3 * BLOCK + 17, even: 8 * BLOCK };
    const paths = Object.keys(sizes);
    const examination = await examine(btrfs, {
      before: async (golden) => {
        for (const [path, size] of Object.entries(sizes)) await writeFile(join(golden, path), randomBytes(size));
      },
      change: async (golden) => {
        for (const path of paths) await replaceByCopy(join(golden, path));
      },
    });
    expect(examination.wastedBytes).toBe(100 + 3 * BLOCK + 17 + 8 * BLOCK);
    expect(examination.files.map(({ path, manner, isUnchanged }) => [path, manner, isUnchanged])).toEqual(
      [...paths].sort().map((path) => [path, 'replaced', true]),
    );
  });

  btrfsTest('finds the blocks that did not change in files that were written anew', async ({ btrfs }) => {
    const data = randomBytes(64 * BLOCK);
    const changed = Buffer.from(data);
    changed.fill(1, 10 * BLOCK, 10 * BLOCK + 1);
    changed.fill(1, 20 * BLOCK, 22 * BLOCK);
    const examination = await examine(btrfs, {
      before: async (golden) => {
        await writeFile(join(golden, 'replaced'), data);
        await writeFile(join(golden, 'rewritten'), data);
      },
      change: async (golden) => {
        await rm(join(golden, 'replaced'));
        await writeFile(join(golden, 'replaced'), changed);
        await writeFile(join(golden, 'rewritten'), changed);
      },
    });
    expect(examination).toMatchObject({ sentBytes: 128 * BLOCK, wastedBytes: 122 * BLOCK });
    expect(examination.files).toMatchObject([
      { path: 'replaced', manner: 'replaced', equalBytes: 61 * BLOCK, isUnchanged: false },
      { path: 'rewritten', manner: 'rewritten', equalBytes: 61 * BLOCK, isUnchanged: false },
    ]);
  });

  btrfsTest('finds blocks that moved within a file, and to another one', async ({ btrfs }) => {
    const [shifted, old] = [randomBytes(20 * BLOCK), randomBytes(5 * BLOCK + 3)];
    const { files, wastedBytes } = await examine(btrfs, {
      before: async (golden) => {
        await writeFile(join(golden, 'shifted'), shifted);
        await writeFile(join(golden, 'data-1.0'), old);
      },
      change: async (golden) => {
        await writeFile(join(golden, 'shifted'), Buffer.concat([randomBytes(2 * BLOCK), shifted]));
        await writeFile(join(golden, 'data-1.1'), old);
        await rm(join(golden, 'data-1.0'));
      },
    });
    expect(wastedBytes).toBe(25 * BLOCK + 3);
    expect(files).toMatchObject([
      { path: 'data-1.1', manner: 'created', movedBytes: old.length, heldBy: 'data-1.0', isHolderGone: true },
      { path: 'shifted', manner: 'rewritten', movedBytes: 20 * BLOCK, heldBy: 'shifted' },
    ]);
  });

  btrfsTest('looks files of renamed and swapped directories up where they were', async ({ btrfs }) => {
    const examination = await examine(btrfs, {
      before: async (golden) => {
        for (const directory of ['old', 'a', 'b']) {
          await mkdir(join(golden, directory));
          await writeFile(join(golden, directory, 'f'), randomBytes(3 * BLOCK));
        }
        await writeFile(join(golden, 'old/g'), randomBytes(BLOCK));
      },
      change: async (golden) => {
        await rename(join(golden, 'old'), join(golden, 'new'));
        await replaceByCopy(join(golden, 'new/f'));
        await rewrite(join(golden, 'new/g'));
        await rename(join(golden, 'a'), join(golden, 'c'));
        await rename(join(golden, 'b'), join(golden, 'a'));
        await rename(join(golden, 'c'), join(golden, 'b'));
        await replaceByCopy(join(golden, 'a/f'));
        await rewrite(join(golden, 'b/f'));
      },
    });
    expect(examination).toMatchObject({ sentBytes: 10 * BLOCK, wastedBytes: 10 * BLOCK });
    expect(examination.files.map(({ path, before, manner }) => [path, before, manner])).toEqual([
      ['a/f', 'b/f', 'replaced'],
      ['b/f', 'a/f', 'rewritten'],
      ['new/f', 'old/f', 'replaced'],
      ['new/g', 'old/g', 'rewritten'],
    ]);
  });

  btrfsTest('finds directories that were made anew under another name', async ({ btrfs }) => {
    const { files } = await examine(btrfs, {
      before: async (golden) => {
        await mkdir(join(golden, 'lib-1'));
        await writeFile(join(golden, 'lib-1/f'), randomBytes(3 * BLOCK));
      },
      change: async (golden) => {
        await mkdir(join(golden, 'lib-2'));
        await writeFile(join(golden, 'lib-2/f'), await readFile(join(golden, 'lib-1/f')));
        await rm(join(golden, 'lib-1'), { recursive: true });
      },
    });
    expect(files).toMatchObject([{ path: 'lib-2/f', before: 'lib-1/f', manner: 'recreated', isUnchanged: true }]);
  });

  btrfsTest('counts a file with several names once', async ({ btrfs }) => {
    const examination = await examine(btrfs, {
      before: async (golden) => {
        await mkdir(join(golden, 'd'));
        for (const name of ['kept', 'copied']) {
          await writeFile(join(golden, name), randomBytes(4 * BLOCK));
          await link(join(golden, name), join(golden, 'd', name));
        }
      },
      change: async (golden) => {
        await rewrite(join(golden, 'd/kept'));
        await replaceByCopy(join(golden, 'd/copied'));
        await rm(join(golden, 'copied'));
        await link(join(golden, 'd/copied'), join(golden, 'copied'));
      },
    });
    expect(examination).toMatchObject({ sentBytes: 8 * BLOCK, wastedBytes: 8 * BLOCK });
    expect(examination.files).toMatchObject([
      { path: 'copied', manner: 'replaced' },
      { path: expect.stringMatching(/kept$/), manner: 'rewritten' },
    ]);
  });

  btrfsTest('reads holes as what they are', async ({ btrfs }) => {
    const island = randomBytes(BLOCK);
    const examination = await examine(btrfs, {
      before: async (golden) => {
        for (const name of ['copied', 'filled']) {
          await writeFile(join(golden, name), '');
          await truncate(join(golden, name), 64 * BLOCK);
          await writeAt(join(golden, name), island, 30 * BLOCK);
        }
      },
      change: async (golden) => {
        await rm(join(golden, 'copied'));
        await writeFile(join(golden, 'copied'), '');
        await truncate(join(golden, 'copied'), 64 * BLOCK);
        await writeAt(join(golden, 'copied'), island, 30 * BLOCK);
        await writeAt(join(golden, 'filled'), Buffer.alloc(BLOCK), 10 * BLOCK);
      },
    });
    expect(examination).toMatchObject({ sentBytes: 2 * BLOCK, wastedBytes: 2 * BLOCK });
    expect(examination.files).toMatchObject([
      { path: 'copied', manner: 'replaced', isUnchanged: true },
      { path: 'filled', manner: 'rewritten', isUnchanged: true },
    ]);
  });

  btrfsTest('takes any name, and nothing but files', async ({ btrfs }) => {
    const names = ['with space', 'line\nbreak', '-dash', 'größe', '\xff\xfe', '\\'].map((name) =>
      name === '\xff\xfe' ? Buffer.from(name, 'latin1') : Buffer.from(name),
    );
    const at = (golden: string, name: Buffer) => Buffer.concat([Buffer.from(`${golden}/`), name]);
    const { files, wastedBytes } = await examine(btrfs, {
      before: async (golden) => {
        for (const name of names) await writeFile(at(golden, name), randomBytes(BLOCK));
        await symlink('nowhere', join(golden, 'was a link'));
        await mkdir(join(golden, 'was a directory'));
      },
      change: async (golden) => {
        for (const name of names) await writeFile(at(golden, name), await readFile(at(golden, name)));
        await rm(join(golden, 'was a link'));
        await rm(join(golden, 'was a directory'), { recursive: true });
        for (const name of ['was a link', 'was a directory']) await writeFile(join(golden, name), randomBytes(BLOCK));
      },
    });
    expect(wastedBytes).toBe(names.length * BLOCK);
    const created = files.filter(({ manner }) => manner === 'created').map(({ path }) => path);
    expect(created).toEqual(['was a directory', 'was a link']);
    expect(files).toHaveLength(names.length + 2);
  });

  btrfsTest('ends when it is asked to stop', async ({ btrfs }) => {
    const stop = new AbortController();
    const examining = examine(btrfs, {
      before: (golden) => writeFile(join(golden, 'f'), randomBytes(8 * BLOCK)),
      change: (golden) => rewrite(join(golden, 'f')),
      signal: stop.signal,
      onSize: () => stop.abort(new Error('enough')),
    });
    await expect(examining).rejects.toThrow('enough');
  });

  btrfsTest('says what btrfs send said', async ({ btrfs }) => {
    await createSubvolume(runner, join(btrfs, 'a'));
    const pair = { snapshot: join(btrfs, 'a'), parent: join(btrfs, 'a') };
    await expect(examineSnapshots(runner, pair)).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringContaining('read-only'),
    });
  });
});

interface Case {
  readonly before: (golden: string) => Promise<unknown>;
  readonly change: (golden: string) => Promise<unknown>;
  readonly signal?: AbortSignal;
  readonly onSize?: () => void;
}

/** Examines golden before and after a change; what is said to be sent must be what `btrfs send` then carries. */
async function examine(btrfs: string, { before, change, ...options }: Case): Promise<Examination> {
  const [golden, parent, snapshot] = ['golden', 'v1', 'v2'].map((name) => join(btrfs, name)) as [
    string,
    string,
    string,
  ];
  await createSubvolume(runner, golden);
  await before(golden);
  await syncFilesystem(runner, btrfs);
  await snapshotSubvolume(runner, golden, parent, { readonly: true });
  await change(golden);
  await syncFilesystem(runner, btrfs);
  await snapshotSubvolume(runner, golden, snapshot, { readonly: true });
  await syncFilesystem(runner, btrfs);
  const examination = await examineSnapshots(runner, { snapshot, parent, ...options });
  expect(examination.sentBytes).toBe(await carriedBytes(snapshot, parent));
  return examination;
}

/** File contents in the stream with data. */
async function carriedBytes(snapshot: string, parent: string): Promise<number> {
  const send = startSend(runner, { snapshot, parent }, { stdout: 'pipe' });
  // Asked for, and a pipe without an encoding gives bytes.
  const { dataBytes } = await summarizeStream(send.stdout as AsyncIterable<Uint8Array & string>);
  await send.ended;
  return dataBytes;
}

/** As package managers do: a new file, renamed over the old one. Written, because copyFile would share the blocks. */
async function replaceByCopy(path: string): Promise<void> {
  await writeFile(`${path}.new`, await readFile(path));
  await rename(`${path}.new`, path);
}

/** The same bytes into the same file. */
async function rewrite(path: string): Promise<void> {
  await writeAt(path, await readFile(path), 0);
}

async function writeAt(path: string, bytes: Uint8Array, offset: number): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, offset);
}
