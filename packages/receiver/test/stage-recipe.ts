import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostHere } from './crash/receiver-here.ts';
import type { TargetHost } from './target-host.ts';

/** The stages of Operation D-Bus, as `golden/` has them. */
export const STAGES = [
  'stage-1-core-dbus',
  'stage-2-introspection-cache',
  'stage-3-numa-cache',
  'stage-4-network-layer',
  'stage-5-mcp-server',
] as const;

/** The recipe of Operation D-Bus, as a copy that a test may change. */
export interface StageRecipe {
  readonly folder: string;
  write(path: string, content: string): Promise<void>;
  /** Replaces text in a file; it must be there. */
  edit(path: string, from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

const GOLDEN = fileURLToPath(new URL('../../../golden', import.meta.url));

/** Copies the recipe to a folder. */
export async function copyRecipe(folder: string): Promise<StageRecipe> {
  await cp(GOLDEN, folder, { recursive: true });
  const write: StageRecipe['write'] = async (path, content) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  return {
    folder,
    write,
    edit: async (path, from, to) => {
      const text = await readFile(join(folder, path), 'utf8');
      if (!text.includes(from)) throw new RangeError(`${path} does not say ${from}`);
      await write(path, text.replace(from, to));
    },
    remove: (path) => rm(join(folder, path)),
  };
}

/** A prepared host below a directory of a Btrfs, whose commands run in this process, and a recipe that it stages. */
export async function stagedHost(
  directory: string,
): Promise<{ readonly host: TargetHost; readonly recipe: StageRecipe }> {
  const recipe = await copyRecipe(join(directory, 'golden'));
  const host = await hostHere(join(directory, 'host'), 'op-dbus');
  await host.do('prepare');
  return { host, recipe };
}
