import { CHUNK_BYTES, isVersion, manifestName, signatureName, sortVersions, type Version } from '@goldstream/release';
import * as z from 'zod';
import { StoreError } from '../error.ts';
import { isPlainName } from '../plain-name.ts';
import { readAhead } from '../read-ahead.ts';
import { readAtMost } from '../read-at-most.ts';
import type { Store } from '../store.ts';
import { readFile } from '../web/read-file.ts';
import type { WebClient } from '../web/send-request.ts';
import { readJson, readPages } from './read-json.ts';
import { assetSchema, type GithubAsset, isUploaded, releaseSchema } from './release-schema.ts';
import { apiUrl, CHANNELS_BRANCH, type GithubSite, secretOf } from './site.ts';

/** Reads through the API, as somebody: what is private, and what was changed a moment ago. */
export function readWithToken(
  site: GithubSite,
  application: string,
  client: WebClient,
): Pick<Store, 'listVersions' | 'openAsset' | 'assetSize' | 'readDocument'> {
  const means = { client, site };
  const { name: store } = site;
  const known = new Map<Version, Promise<readonly GithubAsset[]>>();
  const signatureOf = (version: Version) => signatureName(manifestName(application, version));

  /** Asked once for each version: what was published does not change. A failure is not kept. */
  function assetsOf(version: Version): Promise<readonly GithubAsset[]> {
    const asked = known.get(version) ?? askAssets(version);
    known.set(version, asked);
    asked.catch(() => known.delete(version));
    return asked;
  }

  async function askAssets(version: Version): Promise<readonly GithubAsset[]> {
    const missing = () =>
      new StoreError('STORE_VERSION_MISSING', `${store} has no ${version} of ${application}`, {
        hint: 'Check the version, and whether the token may read the repository: GitHub does not tell these apart.',
      });
    const { id } = await readJson(means, apiUrl(site, `releases/tags/${version}`), releaseSchema, missing);
    const assets: GithubAsset[] = [];
    // The release itself names no more than its first assets.
    for await (const asset of readPages(means, apiUrl(site, `releases/${id}/assets`), z.array(assetSchema), missing)) {
      if (isUploaded(asset)) assets.push(asset);
    }
    return assets;
  }

  async function demandAsset(version: Version, name: string): Promise<GithubAsset> {
    if (!isPlainName(name)) throw new StoreError('STORE_ASSET_MISSING', `${JSON.stringify(name)} names no asset`);
    const assets = await assetsOf(version);
    const asset = assets.find((one) => one.name === name);
    if (asset !== undefined) return asset;
    if (name !== signatureOf(version) && assets.some((one) => one.name === signatureOf(version))) {
      throw new StoreError('STORE_ASSET_MISSING', `${store} has ${version} without ${name}`, {
        hint: 'Tell its publisher.',
      });
    }
    if (assets.some((one) => one.name === manifestName(application, version))) {
      throw new StoreError('STORE_UNFINISHED', `${store} has ${version} without its signature`, {
        hint: 'Tell its publisher.',
      });
    }
    throw new StoreError('STORE_VERSION_MISSING', `${store} has ${version}, and it is no release of ${application}`, {
      hint: 'Check the version and the application.',
    });
  }

  return {
    async listVersions() {
      const missing = () =>
        new StoreError('STORE_MISSING', `${store}: there is no such repository, or the token may not read it`, {
          hint: 'Check owner, name and token.',
        });
      const versions: Version[] = [];
      for await (const release of readPages(means, apiUrl(site, 'releases'), z.array(releaseSchema), missing)) {
        const { draft, tag_name: tag, assets } = release;
        if (draft || !isVersion(tag)) continue;
        if (assets.some((asset) => asset.name === signatureOf(tag) && isUploaded(asset))) versions.push(tag);
      }
      return sortVersions(versions);
    },

    async *openAsset(version, name, range = {}) {
      const { id } = await demandAsset(version, name);
      // It leads to a link that is good for minutes: every try asks for a new one.
      const file = readFile(client, apiUrl(site, `releases/assets/${id}`), {
        ...range,
        headers: { accept: 'application/octet-stream' },
        secret: secretOf(site),
        missing: () => new StoreError('STORE_ASSET_MISSING', `${store} has ${version} without ${name} any more`),
      });
      yield* readAhead(file, CHUNK_BYTES);
    },

    async assetSize(version, name) {
      const { size } = await demandAsset(version, name);
      return size;
    },

    async readDocument(name, limit) {
      const missing = () => new StoreError('STORE_DOCUMENT_MISSING', `${store} has no ${name}`);
      if (!isPlainName(name)) throw missing();
      const url = apiUrl(site, `contents/${name}?ref=${CHANNELS_BRANCH}`);
      const headers = { accept: 'application/vnd.github.raw+json' };
      const file = readFile(client, url, { end: limit + 1, headers, secret: secretOf(site), missing });
      return readAtMost(file, limit, name);
    },
  };
}
