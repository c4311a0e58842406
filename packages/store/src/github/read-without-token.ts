import { StoreError } from '../error.ts';
import { isPlainName } from '../plain-name.ts';
import { readAtMost } from '../read-at-most.ts';
import type { Store } from '../store.ts';
import type { ClientOptions } from '../web/make-client.ts';
import { readFile } from '../web/read-file.ts';
import type { WebClient } from '../web/send-request.ts';
import { FRESH, webStore } from '../web/web-store.ts';
import { CHANNELS_BRANCH, type GithubSite } from './site.ts';

/** Pauses before a document is asked for again that is older than expected. Milliseconds; GitHub keeps 5 minutes. */
const PAUSES_MS = [5_000, 15_000, 40_000];

/** Reads what is public as everybody does, without a call of the API: of these GitHub counts 60 an hour and address. */
export function readWithoutToken(
  { server, owner, repo, name: store }: GithubSite,
  application: string,
  client: WebClient,
  options: ClientOptions,
): Pick<Store, 'listVersions' | 'openAsset' | 'assetSize' | 'readDocument' | 'awaitFresher' | 'warning'> {
  const base = `${server}/${owner}/${repo}`;
  const missingHint = 'Check version and name. A private repository is shown to a token only: GITHUB_TOKEN.';
  const { openAsset, assetSize, warning } = webStore(new URL(`${base}/releases/download`), application, {
    ...options,
    missingHint,
  });
  return {
    openAsset,
    assetSize,
    ...(warning === undefined ? {} : { warning }),

    async listVersions() {
      throw new StoreError('STORE_NO_LISTING', `${store}: GitHub tells its releases through the API only`, {
        hint: 'Name the version, configure a channel, or give a token: GITHUB_TOKEN.',
      });
    },

    async readDocument(name, limit) {
      const missing = () => new StoreError('STORE_DOCUMENT_MISSING', `${store} has no ${name}`, { hint: missingHint });
      if (!isPlainName(name)) throw missing();
      const url = new URL(`${base}/raw/${CHANNELS_BRANCH}/${name}`);
      return readAtMost(readFile(client, url, { end: limit + 1, headers: FRESH, missing }), limit, name);
    },

    async awaitFresher(attempt) {
      const pause = PAUSES_MS[attempt - 1];
      if (pause === undefined) return false;
      const { clock, signal, onRetry } = client;
      onRetry?.(`${store} gave an old copy, as its caches do; asking again in ${pause / 1000} s`);
      await clock.sleep(pause, signal);
      return true;
    },
  };
}
