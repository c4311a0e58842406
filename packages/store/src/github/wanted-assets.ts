import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { parseManifest } from '@goldstream/release';
import { StoreError } from '../error.ts';
import { isPlainName } from '../plain-name.ts';
import type { LocalFile, Publication } from '../store.ts';

/** A file that is to be an asset. */
export interface WantedAsset extends LocalFile {
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** What a release is to be made of. */
export interface WantedRelease {
  /** UUID of the snapshot whose streams these are. */
  readonly snapshot: string;
  /** In any order. */
  readonly assets: readonly WantedAsset[];
  /** One after the other, and after all others: manifest and signature. */
  readonly last: readonly WantedAsset[];
}

/** GitHub's own limits (docs.github.com, “About releases”). */
const MAX_ASSETS = 1000;
const MAX_ASSET_BYTES = 2 ** 31 - 1;

/**
 * Looks at what is to be published. Of streams the manifest knows the digests: they are not read again for that; what
 * is sent is hashed on its way.
 *
 * @throws StoreError `STORE_PUBLISH_FAILED` for what GitHub would not take; errors of `parseManifest`
 */
export async function gatherWanted({ assets, manifest, signature }: Publication): Promise<WantedRelease> {
  const { snapshot, streams } = parseManifest(await readFile(manifest.path));
  const known = new Map(streams.flatMap((stream) => stream.assets).map((asset) => [asset.name, asset]));
  if (assets.length + 2 > MAX_ASSETS) {
    throw refuse(`${assets.length + 2} assets, GitHub takes ${MAX_ASSETS}`, 'Make the parts larger: partSize.');
  }
  const look = async ({ name, path }: LocalFile): Promise<WantedAsset> => {
    if (!isPlainName(name)) throw refuse(`${JSON.stringify(name)} cannot be an asset`, 'Rename it.');
    const { size } = await stat(path);
    if (size > MAX_ASSET_BYTES)
      throw refuse(`${name} has ${size} bytes, an asset must have less than 2 GiB`, 'Set partSize.');
    if (size === 0) throw refuse(`${name} is empty, which GitHub does not take`, 'Make the streams again.');
    const { sha256 = await hash(path), bytes = size } = known.get(name) ?? {};
    if (bytes !== size) throw refuse(`${name} has ${size} bytes, expected ${bytes}`, 'Make the streams again.');
    return { name, path, bytes, sha256 };
  };
  return {
    snapshot: snapshot.uuid,
    assets: await Promise.all(assets.map(look)),
    last: [await look(manifest), await look(signature)],
  };
}

function refuse(problem: string, hint: string): StoreError {
  return new StoreError('STORE_PUBLISH_FAILED', problem, { hint });
}

async function hash(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const piece of createReadStream(path)) digest.update(piece);
  return digest.digest('hex');
}
