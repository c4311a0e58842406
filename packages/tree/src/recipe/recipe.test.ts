import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { directoryTest } from '@goldstream/testing';
import { describe, expect } from 'vitest';
import { showPath } from '../path-bytes.ts';
import { gatherRecipe } from './gather-recipe.ts';
import type { TreeSource } from './source.ts';

describe('gatherRecipe', () => {
  directoryTest(
    'puts sources side by side, with normal attributes and the directories above them',
    async ({ temporaryDirectory }) => {
      const recipe = await makeRecipe(temporaryDirectory);
      await using desired = await gather(recipe, [source('one', 'opt/a'), source('two', 'opt/a')]);
      const shown = [...desired.entries].map(([path, entry]) =>
        'mode' in entry
          ? `${showPath(path)} ${entry.kind} ${entry.mode.toString(8)} ${entry.uid}:${entry.gid}`
          : showPath(path),
      );
      expect(shown).toEqual([
        '. directory 755 0:0',
        'opt directory 755 0:0',
        'opt/a directory 755 0:0',
        'opt/a/bin directory 755 0:0',
        'opt/a/bin/run file 755 0:0',
        'opt/a/bin/walk file 755 0:0',
        'opt/a/data file 644 0:0',
        'opt/a/link symlink 777 0:0',
      ]);
    },
  );

  directoryTest('names both lines when two sources have a file at one path', async ({ temporaryDirectory }) => {
    const recipe = await makeRecipe(temporaryDirectory);
    const both = gather(recipe, [source('one', 'x', 'golden.yaml:3'), source('one', 'x', 'golden.yaml:9')]);
    await expect(both).rejects.toMatchObject({
      code: 'TREE_SOURCE_CONFLICT',
      category: 'input',
      message: 'x/bin/run comes from golden.yaml:3 (a file) and from golden.yaml:9 (a file)',
    });
  });

  directoryTest('refuses to put something below what is no directory', async ({ temporaryDirectory }) => {
    const recipe = await makeRecipe(temporaryDirectory);
    const below = gather(recipe, [source('two', '.'), source('one', 'link')]);
    await expect(below).rejects.toMatchObject({ code: 'TREE_SOURCE_CONFLICT' });
  });

  directoryTest(
    'makes the folder of an archive of which nothing describes the folder itself',
    async ({ temporaryDirectory }) => {
      const recipe = await makeRecipe(temporaryDirectory);
      await systemRunner.run(['tar', '-cf', join(recipe, 'a.tar'), '-C', recipe, 'two/data']);
      await using desired = await gather(recipe, [{ ...archive('a.tar'), into: 'vendor', strip: 1 } as TreeSource]);
      expect([...desired.entries.keys()].map(showPath)).toEqual(['.', 'vendor', 'vendor/data']);
    },
  );

  const refused: readonly [string, TreeSource, string][] = [
    ['is missing', source('nothing', '.'), 'TREE_SOURCE_MISSING'],
    ['is outside', source('../outside', '.'), 'TREE_SOURCE_ESCAPES'],
    ['is absolute', source('/etc', '.'), 'TREE_SOURCE_ESCAPES'],
    ['is a symlink to the outside', source('escape', '.'), 'TREE_SOURCE_ESCAPES'],
    ['is a symlink in the middle of its path', source('escape/inner', '.'), 'TREE_SOURCE_ESCAPES'],
    ['is a file', source('two/data', '.'), 'TREE_NOT_A_DIRECTORY'],
    ['wants to go outside', source('one', '../x'), 'TREE_SOURCE_ESCAPES'],
    ['is an archive that is missing', archive('none.tar'), 'TREE_SOURCE_MISSING'],
  ];
  for (const [problem, wrong, code] of refused) {
    directoryTest(`names the line of a source that ${problem}`, async ({ temporaryDirectory }) => {
      const recipe = await makeRecipe(temporaryDirectory);
      await expect(gather(recipe, [wrong])).rejects.toMatchObject({
        code,
        category: 'input',
        message: expect.stringContaining('golden.yaml:3'),
      });
    });
  }
});

function source(path: string, into: string, location = 'golden.yaml:3'): TreeSource {
  return { kind: 'directory', location, path, into, attributes: 'normal' };
}

function archive(path: string): TreeSource {
  return {
    kind: 'archive',
    location: 'golden.yaml:3',
    path,
    compression: 'none',
    strip: 0,
    into: '.',
    attributes: 'normal',
  };
}

function gather(recipe: string, sources: readonly TreeSource[]) {
  return gatherRecipe(recipe, sources, { runner: systemRunner, scratch: join(recipe, '../scratch') });
}

async function makeRecipe(base: string): Promise<string> {
  const recipe = join(base, 'recipe');
  for (const directory of ['recipe/one/bin', 'recipe/two/bin', 'outside/inner', 'scratch']) {
    await mkdir(join(base, directory), { recursive: true });
  }
  await writeFile(join(recipe, 'one/bin/run'), 'run', { mode: 0o700 });
  await writeFile(join(recipe, 'two/bin/walk'), 'walk', { mode: 0o750 });
  await writeFile(join(recipe, 'two/data'), 'data', { mode: 0o600 });
  await symlink('../anywhere', join(recipe, 'two/link'));
  await symlink('../outside', join(recipe, 'escape'));
  return recipe;
}
