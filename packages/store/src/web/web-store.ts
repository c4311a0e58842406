import { CHUNK_BYTES, manifestName, signatureName, type Version } from '@goldstream/release';
import { StoreError } from '../error.ts';
import { isPlainName } from '../plain-name.ts';
import { readAhead } from '../read-ahead.ts';
import { readAtMost } from '../read-at-most.ts';
import type { Store } from '../store.ts';
import { findSize } from './find-size.ts';
import { type ClientOptions, makeClient } from './make-client.ts';
import { readFile } from './read-file.ts';

/** The documents of a store are replaced: no cache on the way may answer from what it kept (RFC 9111, section 5.2.1). */
export const FRESH = { 'cache-control': 'no-cache' };

/** How a web server is spoken to, and spoken of. */
export interface WebOptions extends ClientOptions {
  /** What to do about a version that is not there. */
  readonly missingHint?: string;
}

/**
 * A store on a web server, read only: `BASE/TAG/ASSET`. Answers are judged, and read again from where they were cut;
 * no byte of them is believed.
 *
 * @param base address without query, see `parseStoreUrl`
 */
export function webStore(base: URL, application: string, options: WebOptions = {}): Store {
  const url = base.href.replace(/\/+$/, '');
  const client = makeClient(options);
  const addressOf = (...names: string[]) => new URL([url, ...names.map(encodeURIComponent)].join('/'));

  function assetAddress(version: Version, name: string): URL {
    if (isPlainName(name)) return addressOf(version, name);
    throw new StoreError('STORE_ASSET_MISSING', `${JSON.stringify(name)} names no asset`);
  }

  /** What the outermost thing is that is not there, as far as a web server tells. */
  async function explainMissing(version: Version, name: string): Promise<StoreError> {
    const manifest = manifestName(application, version);
    const has = async (file: string) => (await findSize(client, addressOf(version, file))) !== undefined;
    if (name !== signatureName(manifest) && (await has(signatureName(manifest)))) {
      return new StoreError('STORE_ASSET_MISSING', `${url} has ${version} without ${name}`, {
        hint: 'Copy the release again, or tell its publisher.',
      });
    }
    if (name !== manifest && (await has(manifest))) {
      return new StoreError('STORE_UNFINISHED', `${url} has ${version} without its signature`, {
        hint: `Wait until ${version} was copied there whole, or tell its publisher.`,
      });
    }
    return new StoreError('STORE_VERSION_MISSING', `${url} has no ${version} of ${application}`, {
      hint: options.missingHint ?? 'Check the version and the address of the store.',
    });
  }

  return {
    url,
    application,
    ...(base.protocol === 'http:'
      ? { warning: `${url} is not encrypted: others on the way can see and delay what is fetched; use https:` }
      : {}),

    async listVersions() {
      throw new StoreError('STORE_NO_LISTING', `${url}: a web server does not tell which versions it has`, {
        hint: 'Name the version, or configure a channel.',
      });
    },

    async *openAsset(version, name, range = {}) {
      const address = assetAddress(version, name);
      const request = { ...range, missing: () => explainMissing(version, name) };
      yield* readAhead(readFile(client, address, request), CHUNK_BYTES);
    },

    async assetSize(version, name) {
      const size = await findSize(client, assetAddress(version, name));
      if (size === undefined) throw await explainMissing(version, name);
      return size;
    },

    async readDocument(name, limit) {
      const missing = () => new StoreError('STORE_DOCUMENT_MISSING', `${url} has no ${name}`);
      if (!isPlainName(name)) throw missing();
      const request = { end: limit + 1, headers: FRESH, missing };
      return readAtMost(readFile(client, addressOf(name), request), limit, name);
    },

    publish: refuseWriting,
    publishDocument: refuseWriting,
  };

  async function refuseWriting(): Promise<never> {
    throw new StoreError('STORE_READ_ONLY', `${url}: goldstream does not write to a web server`, {
      hint: 'Publish to a directory (dir:PATH) and let the web server serve it, or copy it there.',
    });
  }
}
