import { directoryStore } from './directory/directory-store.ts';
import { githubStore } from './github/github-store.ts';
import { parseStoreUrl } from './parse-store-url.ts';
import type { Store, StoreOptions } from './store.ts';
import { webStore } from './web/web-store.ts';

/**
 * The store of `application` that `url` names. Nothing is looked at before the first question.
 *
 * @throws StoreError `STORE_UNSUPPORTED`, `STORE_BAD_URL`; `STORE_UNAUTHORISED` for a token that is none
 */
export function openStore(url: string, application: string, options: StoreOptions = {}): Store {
  const name = parseStoreUrl(url);
  switch (name.kind) {
    case 'dir':
      return directoryStore(name.path, application);
    case 'web':
      return webStore(name.base, application, options);
    case 'github':
      return githubStore(name, application, options);
  }
}
