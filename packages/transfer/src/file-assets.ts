import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { openStore, type Store, StoreError } from '@goldstream/store';
import { fileBytes } from './file-bytes.ts';

/**
 * The published assets of one stream, wherever their files lie: read as those of a store, so that every chunk of them
 * is verified in the same way.
 * @param files with the names of the assets
 */
export function fileAssets(files: readonly string[], application: string): Store {
  const [first = '.'] = files;
  const byName = new Map(files.map((file) => [basename(file), file]));
  const demand = (name: string) => {
    const file = byName.get(name);
    if (file !== undefined) return file;
    throw new StoreError('STORE_ASSET_MISSING', `${name} was not given`, { hint: 'Name all parts with --from.' });
  };
  return {
    ...openStore(`dir:${dirname(first)}`, application),
    assetSize: async (_, name) => (await stat(demand(name))).size,
    openAsset: (_, name, range) => fileBytes([demand(name)], range),
  };
}
