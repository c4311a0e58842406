import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { json, notFound, refused } from './answer.ts';
import type { Call, Operations } from './operation.ts';
import { page, releaseOf } from './release-operations.ts';
import { renderAsset } from './render-release.ts';
import type { Repository, StoredAsset, StoredRelease } from './repository.ts';

/** Files of releases: their bytes go to disk and come from there. */
export const assetOperations: Operations = {
  'repos/list-release-assets': (call) => {
    const release = releaseOf(call);
    if (release === undefined) return notFound();
    return page(call, release.assets, (asset) => renderAsset(call.repository, release, asset, call.addresses));
  },

  'repos/upload-release-asset': async (call) => {
    const { repository, query } = call;
    const release = releaseOf(call);
    if (release === undefined) return notFound();
    if (repository.isImmutable(release)) return refused('Cannot upload assets to an immutable release');
    const name = query.get('name') ?? '';
    if (release.assets.some((asset) => asset.name === name)) {
      return refused('Validation Failed', { resource: 'ReleaseAsset', code: 'already_exists', field: 'name' });
    }
    const starter = addStarter(repository, release, name);
    const path = call.newFile();
    try {
      const { size, sha256 } = await receive(call, path);
      const contentType = call.headers['content-type'] ?? 'application/octet-stream';
      const asset: StoredAsset = { ...starter, state: 'uploaded', contentType, size, sha256, path };
      // A draft may have been deleted, or its asset, while the bytes were coming.
      const at = release.assets.indexOf(starter);
      if (at < 0) return notFound();
      release.assets[at] = asset;
      return json(201, renderAsset(repository, release, asset, call.addresses));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  },

  'repos/get-release-asset': (call) => {
    const { repository, addresses, headers, params } = call;
    const found = repository.findAsset(Number(params['asset_id']));
    if (found === undefined || (found.release.draft && !call.mayWrite)) return notFound();
    const { release, asset } = found;
    if (headers.accept !== 'application/octet-stream') {
      return json(200, renderAsset(repository, release, asset, addresses));
    }
    if (asset.state === 'starter') return notFound();
    return { status: 302, headers: { location: addresses.objectLink(asset.id) } };
  },

  'repos/delete-release-asset': async ({ repository, params }) => {
    const found = repository.findAsset(Number(params['asset_id']));
    if (found === undefined) return notFound();
    const { release, asset } = found;
    if (repository.isImmutable(release)) return refused('Cannot delete assets from an immutable release');
    release.assets.splice(release.assets.indexOf(asset), 1);
    await rm(asset.path, { force: true });
    return { status: 204 };
  },
};

/** What an upload leaves that came to nothing. */
export function addStarter(repository: Repository, release: StoredRelease, name: string): StoredAsset {
  const starter: StoredAsset = {
    id: repository.nextId(),
    name,
    contentType: 'application/octet-stream',
    state: 'starter',
    size: 0,
    sha256: undefined,
    path: '',
  };
  release.assets.push(starter);
  return starter;
}

/** Never holds more than a piece of it. */
async function receive({ request }: Call, path: string): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  await pipeline(
    request,
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        hash.update(piece);
        size += piece.length;
        yield piece;
      }
    },
    createWriteStream(path),
  );
  return { size, sha256: hash.digest('hex') };
}
