import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry } from '@goldstream/component';
import type { InstalledComponent } from './installed-component.ts';
import { kindAt } from './look-at-place.ts';
import { resolveInside } from './resolve-inside.ts';

/**
 * The same component, with a `copy` for each file in the trees that it wants copied. From there on nobody has to know
 * that they came together: each is recorded, kept when it was changed, and removed, by itself. A tree that is not there
 * stays an entry, for whoever looks what is missing.
 */
export async function expandTrees(component: InstalledComponent): Promise<InstalledComponent> {
  const { folder, manifest } = component;
  if (!manifest.files.some(({ copied }) => copied)) return component;
  const files = await Promise.all(
    manifest.files.map(async (entry) => (entry.copied ? expand(folder, entry) : [entry])),
  );
  return { ...component, manifest: { ...manifest, files: files.flat() } };
}

async function expand(folder: string, entry: FileEntry): Promise<readonly FileEntry[]> {
  const { place } = await resolveInside(folder, entry.path);
  if ((await kindAt(place)) !== 'directory') return [entry];
  return (await namesBelow(place)).map((name) => ({
    ...entry,
    type: 'copy' as const,
    copied: false,
    path: join(entry.path, name),
    target: join(entry.target, name),
  }));
}

/** Everything below a directory that is none itself, sorted; links are not followed. */
async function namesBelow(directory: string, below = ''): Promise<readonly string[]> {
  const entries = await readdir(join(directory, below), { withFileTypes: true });
  const names = entries.map(async (entry) => {
    const name = join(below, entry.name);
    return entry.isDirectory() ? namesBelow(directory, name) : [name];
  });
  return (await Promise.all(names)).flat().sort();
}
