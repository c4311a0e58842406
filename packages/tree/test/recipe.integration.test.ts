import { chmod, lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { btrfsTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { contentDigest, gatherRecipe, type TreeSource } from '../src/index.ts';
import { look, makeGolden, update } from './golden.ts';

const capture = systemRunner.capture;

describe('a recipe', () => {
  btrfsTest('takes in what GNU tar packed, compressed in any way, with everything it kept', async ({ btrfs }) => {
    const golden = await makeGolden(btrfs);
    const packed = join(btrfs, 'packed');
    await mkdir(join(packed, 'top/d'), { recursive: true });
    await writeFile(join(packed, 'top/file'), 'x'.repeat(3_000_000));
    await writeFile(join(packed, 'top', `${'long'.repeat(60)}-ü`), 'long name');
    await capture(['ln', join(packed, 'top/file'), join(packed, 'top/a-hard-link')]);
    await capture(['ln', '-s', '../x', join(packed, 'top/symlink')]);
    await capture(['setfattr', '-n', 'user.kept', '-v', 'ü\n', join(packed, 'top/d')]);
    await capture(['setfattr', '-n', 'user.a=b%c', '-v', '1', join(packed, 'top/d')]);
    await capture(['chown', '12:34', join(packed, 'top/d')]);
    await chmod(join(packed, 'top/d'), 0o2751);
    await capture(['chmod', '755', join(packed, 'top')]);

    const forms = { tar: 'none', 'tar.gz': 'gzip', 'tar.zst': 'zstd' } as const;
    const notUtf8 = Buffer.concat([Buffer.from(join(packed, 'top/d/n')), Buffer.of(0xff)]);
    for (const format of ['pax', 'gnu'] as const) {
      // In a pax header, tar-stream would lose it.
      if (format === 'gnu') await writeFile(notUtf8, 'not UTF-8');
      for (const [suffix, compression] of Object.entries(forms)) {
        const archive = join(golden.recipe, `a.${suffix}`);
        const xattrs = format === 'pax' ? ['--xattrs'] : [];
        await capture(['tar', `--format=${format}`, ...xattrs, '-caf', archive, '-C', packed, './top']);
        const source = {
          kind: 'archive',
          location: 'golden.yaml:3',
          path: `a.${suffix}`,
          compression,
          strip: 1,
        } as const;
        await update(golden, [{ ...source, into: '.', attributes: 'preserve' }]);
        if (format === 'gnu') await copyXattrs(join(packed, 'top/d'), join(golden.root, 'd'));
        expect(await digestOf(golden.root)).toBe(await digestOf(join(packed, 'top')));
      }
    }
    expect(await readdir(golden.scratch)).toEqual([]);
  });

  btrfsTest('runs a build in its folder, shows what it prints, and takes its output', async ({ btrfs }) => {
    const golden = await makeGolden(btrfs);
    await mkdir(join(golden.recipe, 'tool'));
    const script = 'mkdir -p out; echo program > out/tool; chmod 700 out/tool; pwd';
    const build = (into: string, output: string): TreeSource => ({
      kind: 'build',
      location: 'golden.yaml:3',
      command: ['sh', '-c', script],
      in: 'tool',
      output,
      into,
      attributes: 'normal',
    });
    const printed: Uint8Array[] = [];
    const tools = {
      runner: systemRunner,
      scratch: golden.scratch,
      onOutput: (chunk: Uint8Array) => printed.push(chunk),
    };
    await using desired = await gatherRecipe(golden.recipe, [build('bin', 'out')], tools);
    expect([...desired.entries.keys()]).toEqual(['', 'bin', 'bin/tool']);
    expect(Buffer.concat(printed).toString()).toBe(`${join(golden.recipe, 'tool')}\n`);

    await update(golden, [build('bin/renamed', 'out/tool')]);
    expect((await lstat(join(golden.root, 'bin/renamed'))).mode & 0o7777).toBe(0o755);
    expect(await readFile(join(golden.root, 'bin/renamed'), 'utf8')).toBe('program\n');
  });

  btrfsTest('names its line when a build fails, and leaves golden alone', async ({ btrfs }) => {
    const golden = await makeGolden(btrfs);
    const failing: TreeSource = {
      kind: 'build',
      location: 'golden.yaml:7',
      command: ['sh', '-c', 'echo broken >&2; exit 3'],
      in: '.',
      output: 'files',
      into: '.',
      attributes: 'normal',
    };
    await expect(look(golden, [failing])).rejects.toMatchObject({
      code: 'TREE_BUILD_FAILED',
      message: expect.stringContaining('golden.yaml:7'),
      cause: expect.objectContaining({ message: expect.stringContaining('broken') }),
    });
    expect(await readdir(golden.scratch)).toEqual([]);
  });
});

/** The format of GNU tar has no place for them. */
async function copyXattrs(from: string, to: string): Promise<void> {
  const dump = await capture(['getfattr', '-d', '-e', 'hex', '--absolute-names', from]);
  await capture(['setfattr', '--restore=-'], { input: dump.replace(from, to) });
}

async function digestOf(root: string): Promise<string> {
  return (await contentDigest(root, { runner: systemRunner })).digest;
}
