import { directoryStore } from './directory/directory-store.ts';
import { parseStoreUrl } from './parse-store-url.ts';
import type { Store } from './store.ts';

/**
 * The store of `application` that `url` names. Nothing is looked at before the first question.
 *
 * @throws StoreError `STORE_UNSUPPORTED`, `STORE_BAD_URL`
 */
export function openStore(url: string, application: string): Store {
  const { path } = parseStoreUrl(url);
  return directoryStore(path, application);
}
