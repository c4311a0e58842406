import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest, type ReleaseManifest } from '@goldstream/release';
import type { ReleasedShop } from './released-shop.ts';

/** A store of a test's own, to be spoiled. */
export interface CopiedStore {
  readonly url: string;
  /** Path of the only asset of a version whose name contains `part`. */
  asset(version: string, part: string): Promise<string>;
}

/** Copies a shop's store into a directory. */
export async function copyStore({ store }: ReleasedShop, directory: string): Promise<CopiedStore> {
  const at = join(directory, 'copied-store');
  await cp(store, at, { recursive: true, preserveTimestamps: true });
  return {
    url: `dir:${at}`,
    asset: async (version, part) => {
      const [name, ...others] = (await readdir(join(at, version))).filter((one) => one.includes(part));
      if (name === undefined || others.length > 0) {
        throw new RangeError(`${part} names ${others.length + 1} or no assets of ${version}`);
      }
      return join(at, version, name);
    },
  };
}

/** The manifest of a version in a store directory that holds one application. */
export async function manifestFrom(store: string, version: string): Promise<ReleaseManifest> {
  const name = (await readdir(join(store, version))).find((one) => one.endsWith('.manifest.json'));
  return parseManifest(await readFile(join(store, version, name ?? 'manifest.json')));
}
