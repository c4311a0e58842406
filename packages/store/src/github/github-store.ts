import type { Store, StoreOptions } from '../store.ts';
import { type ClientOptions, makeClient } from '../web/make-client.ts';
import type { ApiManners } from './api.ts';
import { readWithToken } from './read-with-token.ts';
import { readWithoutToken } from './read-without-token.ts';
import { findSite, type GithubName } from './site.ts';

/**
 * A store in the releases of a repository on GitHub: tag = version, and documents on the branch `goldstream-channels`.
 * With a token it is read through the API; without one it must be public, and no call of the API is made. Publishing
 * needs a token that may write contents.
 *
 * @throws StoreError `STORE_BAD_URL`, `STORE_UNAUTHORISED` for a token that is none
 */
export function githubStore(
  name: GithubName,
  application: string,
  options: StoreOptions & ClientOptions & { readonly manners?: ApiManners } = {},
): Store {
  const { manners, ...web } = options;
  const site = findSite(name, options);
  const client = makeClient(web);
  const reader =
    site.token === undefined
      ? readWithoutToken(site, application, client, web)
      : readWithToken(site, application, client);
  const means = { site, client, application, manners };
  return {
    url: site.name,
    application,
    ...reader,

    // What knows octokit is loaded here: hosts never need it.
    async publish(publication, onBytes) {
      const { publishRelease } = await import('./publish-release.ts');
      return publishRelease(means, publication, onBytes);
    },

    async findPage(version) {
      const { findPage } = await import('./find-page.ts');
      return findPage(means, version);
    },

    async publishDocument(document, bytes, { replaces }) {
      const { publishDocument } = await import('./publish-document.ts');
      await publishDocument(means, reader, { name: document, bytes, replaces });
    },
  };
}
