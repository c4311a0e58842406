import { chmod, lchown, link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { CAPABILITIES, directoryTest, requireOrSkip } from '@goldstream/testing';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { contentDigest } from '../src/index.ts';
import { type Golden, look, preserveFiles, update } from './golden.ts';

/** A tree by its paths. Few names and few contents, so that two random trees have much in common. */
type Sketch = ReadonlyMap<string, Leaf>;
type Leaf =
  | { kind: 'directory'; mode: number; uid: number }
  | { kind: 'file'; blocks: string; mode: number; uid: number; xattr: string | undefined }
  | { kind: 'symlink'; target: string }
  | { kind: 'hard-link'; choice: number };

const name = fc.constantFrom('a', 'a.b', 'b', 'c\xff', 'd\n');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const mode = fc.constantFrom(0o755, 0o644, 0o4755, 0o2770, 0o1777);
const uid = fc.constantFrom(0, 1, 1000);
const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({ kind: fc.constant('directory' as const), mode, uid }),
  fc.record({
    kind: fc.constant('file' as const),
    blocks: fc.string({ unit: fc.constantFrom('x', 'y', '\0'), maxLength: 6 }),
    mode,
    uid,
    xattr: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('symlink' as const), target: fc.constantFrom('a', '../b', '/etc') }),
  fc.record({ kind: fc.constant('hard-link' as const), choice: fc.nat(9) }),
);
const sketch: fc.Arbitrary<Sketch> = fc.array(fc.tuple(path, leaf), { maxLength: 14 }).map((pairs) => new Map(pairs));

describe('golden update', () => {
  directoryTest(
    'makes any tree equal to any recipe, and finds nothing to do then',
    async ({ temporaryDirectory, skip }) => {
      await requireOrSkip(skip, [CAPABILITIES.root]);
      await fc.assert(
        fc.asyncProperty(sketch, sketch, async (before, wanted) => {
          const base = await mkdtemp(join(temporaryDirectory, 'run-'));
          const golden: Golden = { recipe: base, root: join(base, 'golden'), scratch: base };
          await makeTree(golden.root, before);
          await makeTree(join(base, 'files'), wanted);

          await update(golden, [preserveFiles]);

          expect(await look(golden)).toMatchObject({ plan: { steps: [] }, differences: [] });
          const [made, asked] = await Promise.all(
            [golden.root, join(base, 'files')].map((root) => contentDigest(root, { runner: systemRunner })),
          );
          expect(made).toEqual(asked);
          await rm(base, { recursive: true });
        }),
        { numRuns: 60 },
      );
    },
  );
});

async function makeTree(root: string, tree: Sketch): Promise<void> {
  await mkdir(root);
  const files: Buffer[] = [];
  for (const [relative, made] of [...tree].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const at = bytesOf(`${root}/${relative}`);
    try {
      await mkdir(bytesOf(`${root}/${relative.split('/').slice(0, -1).join('/')}`), { recursive: true });
      await makeLeaf(at, made, files);
    } catch (error) {
      // A file or a symlink is where a directory would have to be: this path is left out.
      if (!['EEXIST', 'ENOTDIR', 'ENOENT', 'ELOOP'].includes(String((error as NodeJS.ErrnoException).code)))
        throw error;
    }
  }
}

async function makeLeaf(at: Buffer, made: Leaf, files: Buffer[]): Promise<void> {
  switch (made.kind) {
    case 'directory':
      await mkdir(at);
      await lchown(at, made.uid, 0);
      return await chmod(at, made.mode);
    case 'symlink':
      return await symlink(made.target, at);
    case 'hard-link': {
      const target = files[made.choice % Math.max(files.length, 1)];
      return target === undefined ? undefined : await link(target, at);
    }
    case 'file':
      await writeFile(at, [...made.blocks].map((block) => block.repeat(4000)).join(''), { flag: 'wx' });
      await lchown(at, made.uid, 0);
      await chmod(at, made.mode);
      files.push(at);
      if (made.xattr !== undefined) {
        const dump = Buffer.concat([Buffer.from('# file: '), escaped(at), Buffer.from(`\nuser.x="${made.xattr}"\n\n`)]);
        await systemRunner.capture(['setfattr', '--restore=-'], { input: dump });
      }
  }
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function escaped(at: Buffer): Buffer {
  return bytesOf(at.toString('latin1').replaceAll('\n', '\\012'));
}
