import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isVersion, manifestName, signatureName, sortVersions, type Version } from '@goldstream/release';
import { StoreError } from '../error.ts';
import { isPlainName } from '../plain-name.ts';
import { readAtMost } from '../read-at-most.ts';
import type { Store } from '../store.ts';
import { isErrno, type OpenFile, openFile, unreadable } from './open-file.ts';
import { publishInto } from './publish-into.ts';
import { readPieces } from './read-pieces.ts';
import { replaceDocument } from './replace-document.ts';

/** A store in a directory: `PATH/TAG/ASSET`. */
export function directoryStore(path: string, application: string): Store {
  const base = resolve(path);
  const url = `dir:${path}`;
  const signatureOf = (version: Version) => join(base, version, signatureName(manifestName(application, version)));

  async function openOrExplain(version: Version, name: string): Promise<OpenFile> {
    if (!isPlainName(name)) throw new StoreError('STORE_ASSET_MISSING', `${JSON.stringify(name)} names no asset`);
    const file = await openFile(join(base, version, name));
    if (file === undefined) throw await explainMissing(version, name);
    return file;
  }

  /** What the outermost thing is that is not there. */
  async function explainMissing(version: Version, name: string): Promise<StoreError> {
    if (!(await exists(base))) return storeMissing(url, base);
    if (!(await exists(join(base, version)))) {
      return new StoreError('STORE_VERSION_MISSING', `${url} has no ${version} of ${application}`, {
        hint: 'List the versions that are there.',
      });
    }
    if (!(await exists(signatureOf(version)))) {
      return new StoreError(
        'STORE_UNFINISHED',
        `${url} has ${version} without its signature: publishing was not finished`,
        {
          hint: `Publish ${version} again, or wait until that is done.`,
        },
      );
    }
    return new StoreError('STORE_ASSET_MISSING', `${url} has ${version} without ${name}`, {
      hint: 'Copy the release again, or tell its publisher.',
    });
  }

  return {
    url,
    application,

    async listVersions() {
      const names = await readdir(base).catch((cause: unknown) => {
        throw isErrno(cause, 'ENOENT', 'ENOTDIR') ? storeMissing(url, base) : unreadable(base, cause);
      });
      const versions = names.filter(isVersion);
      const finished = await Promise.all(versions.map((version) => exists(signatureOf(version))));
      return sortVersions(versions.filter((_, index) => finished[index]));
    },

    async *openAsset(version, name, { start = 0, end = Number.POSITIVE_INFINITY } = {}) {
      const { handle, size } = await openOrExplain(version, name);
      try {
        yield* readPieces(handle, start, Math.min(end, size));
      } catch (cause) {
        throw unreadable(join(base, version, name), cause);
      } finally {
        await handle.close();
      }
    },

    async assetSize(version, name) {
      const { handle, size } = await openOrExplain(version, name);
      await handle.close();
      return size;
    },

    async readDocument(name, limit) {
      const file = isPlainName(name) ? await openFile(join(base, name)) : undefined;
      if (file === undefined) {
        if (!(await exists(base))) throw storeMissing(url, base);
        throw new StoreError('STORE_DOCUMENT_MISSING', `${url} has no ${name}`);
      }
      await using handle = file.handle;
      return await readAtMost(readPieces(handle, 0, Math.min(limit + 1, file.size)), limit, name);
    },

    async publish(publication, onBytes) {
      if (publication.draft) {
        throw new StoreError('STORE_UNSUPPORTED', `${url} is a directory, which has no drafts`, {
          hint: 'Publish it, and set the channel later: hosts that follow one see nothing before.',
        });
      }
      if (!(await exists(base))) throw storeMissing(url, base);
      return publishInto(base, application, publication, onBytes);
    },

    async publishDocument(name, bytes, { replaces, lock }) {
      if (!(await exists(base))) throw storeMissing(url, base);
      await using _held = await lock(base);
      await replaceDocument(base, name, bytes, replaces);
    },
  };
}

function storeMissing(url: string, base: string): StoreError {
  return new StoreError('STORE_MISSING', `${url}: there is no directory ${base}`, {
    hint: `Create it, or mount what it is on: mkdir -p ${base}`,
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (isErrno(cause, 'ENOENT', 'ENOTDIR')) return false;
    throw unreadable(path, cause);
  }
}
