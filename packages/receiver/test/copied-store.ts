import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest, type ReleaseManifest } from '@goldstream/release';
import type { ReleasedShop } from './released-shop.ts';

/** A store of a test's own, to be spoiled. */
export interface CopiedStore {
  readonly url: string;
  /** Path of a file of a version, there or not. */
  file(version: string, name: string): string;
  /** Path of the only file of a version whose name ends so. */
  asset(version: string, end: string): Promise<string>;
}

/** Copies a shop's store into a directory. */
export async function copyStore({ store }: ReleasedShop, directory: string): Promise<CopiedStore> {
  const at = join(directory, 'copied-store');
  await cp(store, at, { recursive: true, preserveTimestamps: true });
  return {
    url: `dir:${at}`,
    file: (version, name) => join(at, version, name),
    asset: async (version, end) => join(at, version, await onlyName(join(at, version), end)),
  };
}

/** The manifest of a version in a store directory that holds one application. */
export async function manifestFrom(store: string, version: string): Promise<ReleaseManifest> {
  const folder = join(store, version);
  return parseManifest(await readFile(join(folder, await onlyName(folder, '.manifest.json'))));
}

async function onlyName(folder: string, end: string): Promise<string> {
  const names = await readdir(folder);
  const [found, ...others] = names.filter((name) => name.endsWith(end));
  if (found === undefined || others.length > 0) throw new RangeError(`expected one …${end}, found ${names.join(', ')}`);
  return found;
}
