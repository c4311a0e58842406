import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command, Ended, RunOptions } from '@goldstream/system';
import { cli } from '@goldstream/testing';
import { expect } from 'vitest';
import { type Layout, layoutOf } from '../src/layout.ts';

/** A recipe, a builder's root and a store on one Btrfs, and the builder as people type it. */
export interface Workshop {
  readonly directory: string;
  readonly recipe: string;
  readonly store: string;
  readonly layout: Layout;
  /** The command line of the builder, for a test that starts it itself. */
  command(...args: readonly string[]): Command;
  /** Runs the command, whatever becomes of it. */
  run(args: readonly string[], options?: Omit<RunOptions, 'accept'>): Promise<Ended>;
  /** Runs the command, which must succeed, and gives back its stdout. */
  do(...args: readonly string[]): Promise<string>;
  /** Writes a file of the recipe. */
  write(path: string, content: string | Uint8Array): Promise<void>;
}

const MAIN = fileURLToPath(import.meta.resolve('../src/main.ts'));

const GOLDEN = `application: shop
sources:
  - directory: stage-1
`;

const MANIFEST = `stage: 1
component: shop-core
version: 1.0.0
description: The core of the shop
files:
  - path: bin/shop
    target: /usr/local/bin/shop
    type: symlink
`;

/** Makes a workshop with a small recipe; nothing was run yet. @param settings further lines of golden.yaml */
export async function makeWorkshop(directory: string, settings = ''): Promise<Workshop> {
  const workshop = workshopIn(directory);
  const { store, write } = workshop;
  await mkdir(join(directory, 'root'));
  await mkdir(store);
  await write('golden.yaml', `${GOLDEN}store: dir:${store}\n${settings}`);
  await write('stage-1/manifest.yaml', MANIFEST);
  await write('stage-1/bin/shop', '#!/bin/sh\necho 1.0.0\n');
  return workshop;
}

/** The workshop that was made in a directory. */
export function workshopIn(directory: string): Workshop {
  const [root, recipe, store] = ['root', 'recipe', 'store'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const builder = cli(MAIN);
  // The caller's own keys and dates have no place in a test.
  const env = { GNUPGHOME: '', SOURCE_DATE_EPOCH: '' };
  const words = (args: readonly string[]) => ['--root', root, '--recipe', recipe, ...args];
  const run: Workshop['run'] = (args, options = {}) =>
    builder.run(words(args), { ...options, env: { ...env, ...options.env } });
  const write: Workshop['write'] = async (path, content) => {
    await mkdir(dirname(join(recipe, path)), { recursive: true });
    await writeFile(join(recipe, path), content);
  };
  return {
    directory,
    recipe,
    store,
    layout: layoutOf(root, 'shop'),
    command: (...args) => builder.command(words(args)),
    run,
    write,
    do: async (...args) => {
      const { exitCode, stdout, stderr } = await run(args);
      expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
      return stdout;
    },
  };
}

/** A workshop with a pool, a key, and the given version frozen. */
export async function makeRunningWorkshop(directory: string, settings?: string): Promise<Workshop> {
  const workshop = await makeWorkshop(directory, settings);
  await workshop.do('init');
  await workshop.do('keys', 'create');
  await workshop.do('golden', 'update');
  await workshop.do('snapshot', 'v1.0.0');
  return workshop;
}
