import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ComponentManifest, type Golden, parseGolden } from '@goldstream/component';
import {
  type DesiredTree,
  findComponents,
  gatherRecipe,
  type StoredFile,
  showPath,
  type Tree,
  treeSources,
} from '@goldstream/tree';
import { ReceiverError } from '../error.ts';
import type { Tools } from '../host/tools.ts';
import { treeBelow } from './tree-below.ts';

/** A stage as the recipe has it. */
export interface RecipeStage {
  /** Its folder's name in the recipe's tree. */
  readonly name: string;
  readonly number: number;
  readonly manifest: ComponentManifest;
  /** What its tree shall hold. */
  readonly entries: Tree<StoredFile>;
}

/** The recipe's folder where nobody names one, seen from inside the root. */
export const recipeFolder = (application: string) => `/usr/share/goldstream/${application}`;

/**
 * Runs `use` with the stages of a recipe in the order of their deployment. What it builds or unpacks for them is there
 * until `use` is done.
 * @param recipe its folder; undefined: the one that is installed on this host
 * @throws ReceiverError `STAGE_NO_RECIPE`; ComponentError and TreeError with file and line
 */
export async function withRecipe<T>(
  { runner, layout, io }: Pick<Tools, 'runner' | 'layout' | 'io'>,
  recipe: string | undefined,
  use: (stages: readonly RecipeStage[]) => Promise<T>,
): Promise<T> {
  const folder = resolve(recipe ?? join(layout.root, recipeFolder(layout.application)));
  const golden = await readGolden(folder);
  demandApplication(golden, layout.application);
  const onOutput = (chunk: Uint8Array) => io.say(Buffer.from(chunk).toString('utf8').trimEnd());
  await using desired = await gatherRecipe(folder, treeSources(golden.sources), {
    runner,
    scratch: layout.cache,
    onOutput,
  });
  return await use(await stagesOf(desired));
}

async function readGolden(folder: string): Promise<Golden> {
  const file = join(folder, 'golden.yaml');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ReceiverError('STAGE_NO_RECIPE', `${file} cannot be read`, {
      cause,
      hint: 'Name the folder that holds golden.yaml: --recipe DIR.',
    });
  });
  return parseGolden(text, file);
}

/** Another application's files would be placed in this one's name. */
function demandApplication({ file, application }: Golden, expected: string): void {
  if (application === expected) return;
  throw new ReceiverError('STAGE_NO_RECIPE', `${file} is of ${application}, expected ${expected}`, {
    hint: 'Name the folder of the right recipe: --recipe DIR, or the right application: --app NAME.',
  });
}

async function stagesOf({ entries }: Pick<DesiredTree, 'entries'>): Promise<readonly RecipeStage[]> {
  return (await findComponents(entries)).map(({ directory, manifest }) => ({
    name: showPath(directory),
    number: manifest.stage,
    manifest,
    entries: treeBelow(entries, directory),
  }));
}
