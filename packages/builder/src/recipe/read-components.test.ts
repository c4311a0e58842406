import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemRunner } from '@goldstream/system';
import { directoryTest } from '@goldstream/testing';
import { gatherTree } from '@goldstream/tree';
import { describe, expect } from 'vitest';
import { readComponents } from './read-components.ts';

const manifest = (component: string, stage: number, target = `/etc/${component}`) =>
  `stage: ${stage}\ncomponent: ${component}\nversion: 1.0.0\ndescription: A part\nfiles:\n  - path: etc/x\n    target: ${target}\n    type: copy\n`;

describe('the components of a tree', () => {
  directoryTest('are its top-level directories with a manifest, in order', async ({ temporaryDirectory }) => {
    const components = await componentsOf(temporaryDirectory, {
      'a/manifest.yaml': manifest('second', 2),
      'a/etc/x': '',
      'b/manifest.yaml': manifest('first', 1),
      'b/etc/x': '',
      'b/deeper/manifest.yaml': 'not: one of ours',
      'c/readme': 'no component',
      'manifest.yaml': 'not: a component either',
    });
    expect(components.map(({ directory, manifest }) => [directory, manifest.component])).toEqual([
      ['b', 'first'],
      ['a', 'second'],
    ]);
  });

  directoryTest('have the files that their manifests name', async ({ temporaryDirectory }) => {
    const read = componentsOf(temporaryDirectory, { 'a/manifest.yaml': manifest('alone', 1) });
    await expect(read).rejects.toMatchObject({
      code: 'BUILDER_FILE_MISSING',
      message: expect.stringMatching(/a\/manifest\.yaml:6:5: a has no etc\/x/),
    });
  });

  directoryTest('do not share a target', async ({ temporaryDirectory }) => {
    const read = componentsOf(temporaryDirectory, {
      'a/manifest.yaml': manifest('one', 1, '/etc/same'),
      'a/etc/x': '',
      'b/manifest.yaml': manifest('two', 2, '/etc/same'),
      'b/etc/x': '',
    });
    await expect(read).rejects.toMatchObject({
      code: 'COMPONENT_TARGET_TWICE',
      message: expect.stringMatching(/b\/manifest\.yaml:6:5/),
    });
  });
});

async function componentsOf(root: string, files: Record<string, string>) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return readComponents((await gatherTree(root, systemRunner)).entries);
}
